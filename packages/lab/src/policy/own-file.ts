import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from './json-policy.ts';

/**
 * What a user's file says: the content of a `.json` file, or what a `.ts`, `.js` or `.mjs` module exports under `name`. The
 * module is run, so it should be one's own.
 *
 * @throws InputError if the file cannot be read, parsed or run, or does not export that name.
 */
export async function readOwnFile(path: string, name: string): Promise<unknown> {
  const extension = extname(path);
  try {
    if (extension === '.json') return JSON.parse(await readFile(path, 'utf8'));
    if (['.ts', '.mts', '.js', '.mjs'].includes(extension)) return exportOf(await importModule(path), path, name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  throw new InputError(`${path}: expected a .json, .ts or .js file`);
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
}

function exportOf(module: Record<string, unknown>, path: string, name: string): unknown {
  if (name in module) return module[name];
  const names = Object.keys(module).join(', ') || 'nothing';
  throw new InputError(`${path}: expected an export named '${name}', found ${names}`);
}
