import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { createPaceline, perSecond } from '@paceline/core';
import { virtualClock } from '@paceline/core/testing';
import { serveDashboard, watch, watchUrl } from '@paceline/dashboard';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Written, written } from './terminal.ts';
import { answered, HOST, servedFor, worldOf } from './world.ts';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** Lines as they stand on the terminal after the last drawing. */
function linesOf(text: string): string[] {
  const drawn = text.slice(text.lastIndexOf('\u001b[H') + 3);
  return drawn.split('\n').map((line) => stripVTControlCharacters(line));
}

describe('an engine of this process', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  async function watched(output: Written) {
    const clock = virtualClock();
    const pace = createPaceline({ clock, random: () => 0, defaults: { rate: perSecond(10) } });
    await answered(pace, `https://${HOST}/`);
    const end = watch(pace, { output });
    onTestFinished(end);
    return { clock, pace, end };
  }

  test('is drawn in place on a terminal, and followed', async () => {
    const output = written({ columns: 80, rows: 10 });
    const { clock, pace } = await watched(output);
    expect(output.take().startsWith(`${ENTER}\u001b[H`)).toBe(true);
    pace.hold(HOST, 5_000);
    vi.advanceTimersByTime(1_000);
    const first = output.take();
    expect(linesOf(first)[3]).toMatch(/^api\.example\.com +– +10 +0 +0 +9 +5\.0 s +0 +0 +0$/);
    await clock.advance(1_000);
    vi.advanceTimersByTime(1_000);
    const second = output.take();
    expect(second.startsWith('\u001b[H')).toBe(true);
    expect(linesOf(second)[3]).toMatch(/^api\.example\.com +0 +10 +0 +0 +10 +4\.0 s +0 +0 +0$/);
  });

  test('leaves the terminal as it was, with the last table on it, and nothing behind', async () => {
    const output = written({ columns: 80, rows: 10 });
    const listeners = () => [
      process.listenerCount('SIGINT'),
      process.listenerCount('exit'),
      output.listenerCount('resize'),
      output.listenerCount('error'),
    ];
    const before = listeners();
    const { end } = await watched(output);
    expect(listeners()).not.toEqual(before);
    output.take();
    end();
    end();
    const text = output.take();
    expect(text.startsWith(LEAVE)).toBe(true);
    expect(text).toContain(HOST);
    expect(text.endsWith('\n')).toBe(true);
    vi.advanceTimersByTime(5_000);
    expect(output.take()).toBe('');
    expect(listeners()).toEqual(before);
  });

  test('with more hosts than lines says how many there are', async () => {
    const output = written({ columns: 80, rows: 8 });
    const { pace } = await watched(output);
    for (let host = 0; host < 1_000; host += 1) await answered(pace, `https://h${host}.test/`);
    vi.advanceTimersByTime(1_000);
    const lines = linesOf(output.take());
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toBe('and 997 more');
  });

  test('is drawn anew when the terminal changes its size', async () => {
    const output = written({ columns: 80, rows: 10 });
    await watched(output);
    output.take();
    Object.assign(output, { columns: 30 }).emit('resize');
    const lines = linesOf(output.take());
    expect(lines[2]).toMatch(/^HOST +RATE\/S +QUEUE$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
  });

  test('is told in lines to a pipe: only what there is of news, and no escapes', async () => {
    const output = written();
    const { pace } = await watched(output);
    expect(output.take()).toMatch(/^ +HOST .*\n\d\d:\d\d:\d\d {2}api\.example\.com .*\n$/);
    vi.advanceTimersByTime(1_000);
    expect(output.take()).toBe('');
    await answered(pace, `https://other.test/`);
    vi.advanceTimersByTime(1_000);
    const news = output.take();
    expect(news).toContain('other.test');
    expect(news).not.toContain(HOST);
    expect(news).not.toContain('\u001b');
  });

  test('says that it is closed', async () => {
    const output = written();
    const { pace } = await watched(output);
    void pace.close();
    output.take();
    vi.advanceTimersByTime(1_000);
    expect(output.take()).toMatch(/^\d\d:\d\d:\d\d {2}Paceline: closed\n$/);
  });

  test('is watched no longer when nobody reads it', async () => {
    const output = written();
    const { pace } = await watched(output);
    const snapshot = vi.spyOn(pace, 'snapshot');
    output.emit('error', new Error('EPIPE'));
    vi.advanceTimersByTime(5_000);
    expect(snapshot).not.toHaveBeenCalled();
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 20])('an interval of %d is refused', (intervalMs) => {
    expect(() => watch(createPaceline(), { output: written(), intervalMs })).toThrow(RangeError);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the process, and the terminal is as it was',
  async (signal) => {
    const script = fileURLToPath(new URL('./process/watcher.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=@paceline/source', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('api.test') && !child.killed) child.kill(signal);
    });
    const [, endedBy] = await new Promise<[unknown, string]>((resolve) =>
      child.once('close', (...ended) => resolve(ended as [unknown, string])),
    );
    expect(endedBy).toBe(signal);
    const [table, left] = text.split(LEAVE);
    expect(table).toContain(ENTER);
    expect(left).toContain('api.test');
  },
  30_000,
);

describe('a dashboard elsewhere', () => {
  function watching(url: string, options: { token?: string } = {}) {
    const output = written();
    const over = new AbortController();
    const done = watchUrl(url, { output, intervalMs: 50, signal: over.signal, ...options });
    onTestFinished(() => over.abort());
    return { output, over, done };
  }

  test('is shown, said to be gone, and shown again', async () => {
    const { pace, dashboard } = await worldOf();
    const { output, over, done } = watching(dashboard.url);
    await output.until(HOST);
    await dashboard.close();
    expect(await output.until('trying again')).toMatch(/: no answer \(ECONNREFUSED\), trying again\n/);
    const again = await serveDashboard(pace, { port: Number(new URL(dashboard.url).port) });
    onTestFinished(() => again.close());
    await output.until('here again');
    await answered(pace, `https://${HOST}/`);
    await output.until(HOST);
    over.abort();
    await done;
  });

  test('may be waited for', async () => {
    const { pace, dashboard } = await worldOf();
    await dashboard.close();
    const { output } = watching(dashboard.url);
    await output.until('ECONNREFUSED');
    await servedFor(pace, { port: Number(new URL(dashboard.url).port) });
    await output.until(HOST);
  });

  const TOKEN = 'a-token-that-nobody-guesses';
  test.each([
    ['as an option', '', TOKEN],
    ["in the page's URL", `#token=${TOKEN}`, undefined],
  ])('is told its token %s', async (_, hash, token) => {
    const { dashboard } = await worldOf({}, { token: TOKEN });
    await watching(`${dashboard.url}${hash}`, token === undefined ? {} : { token }).output.until(HOST);
  });

  test.each([
    [undefined, /^http:.*\/snapshot\.json answered 401: a token is needed/],
    ['another-token-altogether', /^http:.*\/snapshot\.json answered 401: wrong token$/],
  ])('with the token %s refuses, and says why', async (token, why) => {
    const { dashboard } = await worldOf({}, { token: TOKEN });
    const { output, done } = watching(dashboard.url, token === undefined ? {} : { token });
    await expect(done).rejects.toThrow(why);
    expect(output.take()).toBe('');
  });

  test.each([
    [404, '<h1>Not found</h1>', /answered 404: this is no dashboard of Paceline/],
    [200, '<h1>Hello</h1>', /is no snapshot of Paceline's/],
    [200, '{"lanes":[]}', /is no snapshot of Paceline's/],
    [200, 'null', /is no snapshot of Paceline's/],
  ])('that is none, but answers %d with %s, is refused', async (status, body, why) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { done } = watching(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(done).rejects.toThrow(why);
  });

  test.each(['', 'localhost:7700', 'ftp://api.test/', 'the dashboard'])('cannot be at %j', async (url) => {
    await expect(watching(url).done).rejects.toThrow(`expected a URL such as http://127.0.0.1:7700/, got '${url}'`);
  });
});
