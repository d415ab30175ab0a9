import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BuildResult, build } from 'esbuild';
import { digits } from '../measure/summary.ts';
import { atMost, type Table, type Target } from '../report/table.ts';

interface Import {
  readonly name: string;
  readonly code: string;
  /** Left out, as the user has it anyway. */
  readonly external?: readonly string[];
  /** Most bytes after brotli that it should be. */
  readonly most?: number;
}

const CORE = '@paceline/core';

const imports: readonly Import[] = [
  { name: '**@paceline/core: createPaceline**', code: `export { createPaceline } from '${CORE}'`, most: 7000 },
  { name: '**@paceline/core: all of it**', code: `export * from '${CORE}'`, most: 9000 },
  { name: '**@paceline/fetch, beside core**', code: "export * from '@paceline/fetch'", external: [CORE], most: 1200 },
  {
    name: '**@paceline/axios, beside core and axios**',
    code: "export * from '@paceline/axios'",
    external: [CORE, 'axios'],
    most: 1200,
  },
  {
    name: '**@paceline/ky, beside core, fetch and ky**',
    code: "export * from '@paceline/ky'",
    external: [CORE, '@paceline/fetch', 'ky'],
    most: 1200,
  },
  { name: 'p-retry', code: "export { default } from 'p-retry'" },
  { name: 'p-queue + p-retry', code: "export { default as a } from 'p-queue'; export { default as b } from 'p-retry'" },
  {
    name: 'p-throttle + p-retry',
    code: "export { default as a } from 'p-throttle'; export { default as b } from 'p-retry'",
  },
  { name: 'limiter', code: "export { TokenBucket } from 'limiter'" },
  {
    name: 'cockatiel (retry, bulkhead, timeout)',
    code: "export { bulkhead, ExponentialBackoff, handleAll, retry, timeout, wrap } from 'cockatiel'",
  },
  {
    name: 'TanStack Pacer (AsyncQueuer, AsyncRetryer)',
    code: "export { AsyncQueuer, AsyncRetryer } from '@tanstack/pacer'",
  },
  { name: 'Bottleneck/light', code: "export { default } from 'bottleneck/light.js'" },
  {
    name: 'rate-limiter-flexible (memory, queue)',
    code: "export { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible'",
  },
  { name: 'ffetch', code: "export { createClient } from '@fetchkit/ffetch'" },
  { name: 'axios-retry, beside axios', code: "export { default } from 'axios-retry'", external: ['axios'] },
  { name: 'ky', code: "export { default } from 'ky'" },
  { name: 'axios', code: "export { default } from 'axios'" },
];

/** What a bundler makes of an import. */
export async function size(): Promise<readonly Table[]> {
  const rows: string[][] = [];
  const targets: Target[] = [];
  for (const each of imports) {
    const code = await bundled(each);
    rows.push([each.name, digits(code.byteLength), digits(brotli(code))]);
    if (each.most) targets.push(atMost(`size of ${each.name.replaceAll('*', '')}`, each.most, brotli(code), ' bytes'));
  }
  return [
    {
      title: 'Size',
      intro: 'Bundled and minified by esbuild as ESM for a browser, then brotli at its best.',
      columns: ['', 'bytes', 'brotli'],
      rows,
      targets,
      notes: [
        'Behind the libraries are very different things: of the others none has lanes, hints, a budget, figures or live policies.',
      ],
    },
    await subjects(),
  ];
}

/** Where the bytes of `createPaceline` are: one row a subject of core, which is a folder. */
async function subjects(): Promise<Table> {
  const { metafile } = await bundle({ name: 'core', code: `export { createPaceline } from '${CORE}'` });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const bytes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of inputs) {
    const subject = /src\/(?<folder>[^/]+)\//.exec(file)?.groups?.folder ?? 'the engine itself, errors, heap';
    bytes.set(subject, (bytes.get(subject) ?? 0) + bytesInOutput);
  }
  const whole = [...bytes.values()].reduce((sum, each) => sum + each, 0);
  const largestFirst = [...bytes].filter(([, each]) => each > 0).sort(([, a], [, b]) => b - a);
  return {
    title: 'What core is made of',
    intro:
      'The minified bytes of `createPaceline` by subject. A policy may turn any of it on while the engine runs, so all of it is loaded.',
    columns: ['', 'bytes', 'share'],
    rows: largestFirst.map(([subject, each]) => [subject, digits(each), `${digits((100 * each) / whole)} %`]),
  };
}

async function bundled(what: Import): Promise<Uint8Array> {
  const { outputFiles } = await bundle(what);
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function bundle({ code, external = [] }: Import): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    external: [...external, 'node:*', 'assert', 'cluster', 'crypto'],
    conditions: ['@paceline/source', 'browser'],
    platform: 'browser',
    mainFields: ['browser', 'module', 'main'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'esnext',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
}

function brotli(code: Uint8Array): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).byteLength;
}
