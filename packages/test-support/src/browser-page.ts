import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A page, and what it may load. */
export interface BrowserPage {
  /** Path of Chromium. */
  readonly chromium: string;
  /** The page's module, which calls `report` of `@paceline/test-support/page`. */
  readonly entry: URL;
  /** Files that the server has beside it, by path: `/mockServiceWorker.js`. */
  readonly files: Readonly<Record<string, URL>>;
}

/** Longest that a page may take, the browser's start included. */
const PAGE_MS = 60_000;

/** Runs a module in a page of a real browser, and returns what it reports. Rejects with what it throws. */
export async function runInPage({ chromium, entry, files }: BrowserPage): Promise<unknown> {
  const script = await bundled(entry);
  const profile = await mkdtemp(join(tmpdir(), 'paceline-chromium-'));
  const { promise: reported, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') resolve(await text(request));
    const [type, body] = await answerTo(request, script, files);
    response.writeHead(200, { 'Content-Type': type }).end(body);
  });
  const origin = await open(server);
  // A sandbox is not to be had for root, nor much shared memory in containers.
  const flags = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run'];
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, origin], { stdio: 'ignore' });
  browser.once('error', reject);
  browser.once('exit', (code) => reject(new Error(`the browser ended with ${code} before the page had reported`)));
  const timer = setTimeout(() => reject(new Error(`the page has not reported within ${PAGE_MS} ms`)), PAGE_MS);
  try {
    const { error, value } = JSON.parse(await reported) as { error?: string; value?: unknown };
    if (error !== undefined) throw new Error(`in the page: ${error}`);
    return value;
  } finally {
    clearTimeout(timer);
    const ended = new Promise((done) => browser.once('exit', done));
    if (browser.kill()) await ended;
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function bundled(entry: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    conditions: ['@paceline/source', 'browser'],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

async function answerTo(
  { url = '/' }: IncomingMessage,
  script: string,
  files: BrowserPage['files'],
): Promise<[type: string, body: string]> {
  const file = files[url];
  if (file) return ['text/javascript', await readFile(file, 'utf8')];
  if (url === '/page.js') return ['text/javascript', script];
  if (url === '/')
    return ['text/html', '<!doctype html><title>test</title><script type="module" src="/page.js"></script>'];
  return ['text/plain', 'from the network'];
}

async function open(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
