import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { createPaceline } from '@paceline/core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Feed } from '../src/feed/feed.ts';
import { ChangeLog } from '../src/tuning/change-log.ts';
import type { Frame } from '../src/wire/views.ts';
import { answered, HOST, servedFor, worldOf } from './world.ts';

/** Frames of the stream, one after the other. */
async function* framesOf(url: string): AsyncGenerator<Frame, void> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${url}events`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) yield JSON.parse(part.slice('data: '.length)) as Frame;
  }
}

async function nextOf(frames: AsyncGenerator<Frame, void>): Promise<Frame> {
  const { value } = await frames.next();
  if (!value) throw new Error('the stream ended');
  return value;
}

describe('a watcher', () => {
  test('is told everything first, then what has changed', async () => {
    const { pace, dashboard } = await worldOf();
    await answered(pace, 'https://quiet.example.com/');
    const frames = framesOf(dashboard.url);
    const first = await nextOf(frames);
    expect(first).toMatchObject({ whole: true, tune: true, gone: [], events: [], changes: [] });
    expect(first.hosts).toMatchObject(pace.snapshot().lanes.map(({ budget: _, ...lane }) => lane));
    await answered(pace, `https://${HOST}/v2`, 404);
    let next = await nextOf(frames);
    while (!next.hosts.some(({ counters }) => counters.calls === 2)) next = await nextOf(frames);
    expect(next.whole).toBe(false);
    expect(next.changes).toBeUndefined();
    expect(next.hosts.map(({ host }) => host)).toContain(HOST);
    expect(next.events.map(({ type, host }) => [type, host])).toEqual([
      ['admitted', HOST],
      ['attempt', HOST],
      ['outcome', HOST],
      ['settled', HOST],
    ]);
  });

  test('is told of lanes that are no more', async () => {
    const pace = createPaceline({ maxLanes: 1, defaults: { budget: false } });
    await answered(pace, 'https://old.example.com/');
    const frames = framesOf((await servedFor(pace)).url);
    expect((await nextOf(frames)).hosts.map(({ host }) => host)).toEqual(['old.example.com']);
    await answered(pace, 'https://new.example.com/');
    const { gone, hosts } = await nextOf(frames);
    expect(gone).toEqual(['old.example.com']);
    expect(hosts.map(({ host }) => host)).toEqual(['new.example.com']);
  });

  test('sees no query, no header and no message of an error', async () => {
    const { pace, dashboard } = await worldOf();
    const frames = framesOf(dashboard.url);
    await nextOf(frames);
    await pace.run({
      url: `https://user:secret@${HOST}/path?key=secret#secret`,
      method: 'GET',
      replayable: false,
      send: async () => ({ kind: 'failed', sent: 'maybe', error: new Error('GET https://x/?key=secret failed') }),
    });
    const { events } = await nextOf(frames);
    expect(events.map(({ type }) => type)).toContain('settled');
    expect(events.find(({ type }) => type === 'outcome')).toMatchObject({ error: 'Error' });
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  test('that many events pass by is told the latest, and how many it missed', async () => {
    const { pace, dashboard } = await worldOf();
    const frames = framesOf(dashboard.url);
    await nextOf(frames);
    pace.hold(HOST, 1);
    for (let call = 0; call < 500; call += 1) await answered(pace, `https://other.example.com/`);
    const told: Frame[] = [];
    const count = (): number => told.reduce((sum, { events, missed }) => sum + events.length + missed, 0);
    while (count() < 2_001) told.push(await nextOf(frames));
    const events = told.flatMap((frame) => frame.events);
    expect(count()).toBe(2_001);
    expect(events.length).toBeLessThan(700);
    // What is notable is not pushed out by what every call does.
    expect(events.filter(({ type }) => type === 'held')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'settled', number: 2_001 });
  });
});

test('the engine is sampled and listened to only while somebody watches', async () => {
  const { pace, dashboard } = await worldOf();
  const snapshot = vi.spyOn(pace, 'snapshot');
  let listeners = 0;
  const subscribe = pace.subscribe.bind(pace);
  pace.subscribe = (listener) => {
    const end = subscribe(listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      end();
    };
  };
  const frames = framesOf(dashboard.url);
  await nextOf(frames);
  await nextOf(frames);
  expect(listeners).toBe(1);
  expect(snapshot.mock.calls.length).toBeGreaterThanOrEqual(2);
  await frames.return();
  await vi.waitFor(() => expect(listeners).toBe(0));
  snapshot.mockClear();
  // Longer than the time between two samples.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(snapshot).not.toHaveBeenCalled();
});

test('a browser that never reads grows no memory and holds nobody up; once it reads, it gets the latest', async () => {
  const pace = createPaceline();
  const urls = Array.from({ length: 400 }, (_, index) => `https://host-${index}.example.com/`);
  const callAll = (): Promise<unknown> => Promise.all(urls.map((url) => answered(pace, url)));
  await callAll();
  const feed = new Feed(pace, new ChangeLog(), false);
  const watched = new Map<string, ServerResponse>();
  const server = createServer((request, response) => {
    watched.set(request.url ?? '', response);
    feed.watch(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;

  const stuck = createConnection(port, '127.0.0.1');
  stuck.pause();
  stuck.write('GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await vi.waitFor(() => expect(watched.has('/stuck')).toBe(true));
  const reading = framesOf(`http://127.0.0.1:${port}/`);
  const frameBytes = JSON.stringify(await nextOf(reading)).length;

  let most = 0;
  let read = 0;
  // Each sample is a frame of some 250 kB: all of them would be more than any socket's buffers take.
  for (let sample = 0; sample < 80; sample += 1) {
    await callAll();
    feed.sampleNow();
    await nextOf(reading);
    read += 1;
    most = Math.max(most, watched.get('/stuck')?.writableLength ?? 0);
  }
  expect(read).toBe(80);
  expect(most).toBeGreaterThan(frameBytes / 2);
  expect(most).toBeLessThan(2 * frameBytes + 65_536);

  let heard = '';
  stuck.on('data', (chunk) => {
    heard += chunk.toString();
  });
  stuck.resume();
  await vi.waitFor(() => {
    feed.sampleNow();
    expect(heard).toContain('"calls":81,');
  }, 5_000);
  expect(heard.split('data: ').length).toBeLessThan(70);
}, 60_000);
