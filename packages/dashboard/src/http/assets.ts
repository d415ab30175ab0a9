import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file of the page, in memory. */
export interface Asset {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
  /** The content security policy of the page itself. */
  readonly policy?: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
};

/**
 * Everything that the page consists of, by path: no bundle, but the package's own modules as they were built, and uPlot's
 * beside them. Run from sources, Node takes the types out.
 */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  const files = new URL('../../assets/', import.meta.url);
  for (const name of readdirSync(files)) assets.set(`/${name}`, assetOf(name, read(name, files)));
  const page = new URL('../page/', import.meta.url);
  for (const name of readdirSync(page)) {
    if (!isModule(name)) continue;
    const code = read(name, page);
    const asset = assetOf(name, name.endsWith('.ts') ? stripTypeScriptTypes(code) : code);
    assets.set(`/page/${name}`, asset);
    // The document asks for the built name.
    assets.set(`/page/${name.replace(/\.ts$/, '.js')}`, asset);
  }
  const uplot = pathToFileURL(createRequire(import.meta.url).resolve('uplot'));
  assets.set('/uplot.js', assetOf('.js', read('uPlot.esm.js', uplot)));
  assets.set('/uplot.css', assetOf('.css', read('uPlot.min.css', uplot)));
  return assets;
}

/** Sends it, unless the browser has this very one. Browsers keep it, but ask each time. */
export function sendAsset(request: IncomingMessage, response: ServerResponse, asset: Asset): void {
  if (asset.policy !== undefined) response.setHeader('content-security-policy', asset.policy);
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('etag', asset.etag);
  response.setHeader('content-type', asset.type);
  if (request.headers['if-none-match'] === asset.etag) {
    response.statusCode = 304;
    response.end();
  } else response.end(asset.body);
}

function read(name: string, folder: URL): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

function isModule(name: string): boolean {
  return /\.[jt]s$/.test(name) && !/\.(?:test|d)\.ts$/.test(name);
}

function assetOf(name: string, body: string): Asset {
  const extension = extname(`x${name}`);
  const etag = `"${hash(body)}"`;
  const asset = { type: TYPES[extension] ?? 'application/octet-stream', body, etag };
  return extension === '.html' ? { ...asset, policy: policyOf(body) } : asset;
}

/** Nothing but files of this server, and the one inline script that there is, the import map, by its hash. */
function policyOf(html: string): string {
  const inline = /<script type="importmap">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash(inline)}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
