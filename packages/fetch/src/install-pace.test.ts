import { attachmentOf } from '@paceline/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eager } from '../test/engines.ts';
import { installPace } from './install-pace.ts';
import { paceFetch } from './pace-fetch.ts';

const URL_ = 'https://api.example.com/';
const original = globalThis.fetch;
const network = vi.fn<typeof fetch>();

beforeEach(() => {
  network.mockReset().mockImplementation(async () => new Response(null, { status: 503 }));
  globalThis.fetch = network;
});
afterEach(() => {
  globalThis.fetch = original;
});

test('the global fetch is paced until the undo', async () => {
  const undo = installPace(eager().pace);
  await fetch(URL_);
  expect(network).toHaveBeenCalledTimes(4);
  undo();
  expect(globalThis.fetch).toBe(network);
});

test('a second installation on the same engine changes nothing, and its undo neither', async () => {
  const { pace } = eager();
  const undo = installPace(pace);
  const installed = globalThis.fetch;
  const undoAgain = installPace(pace);
  expect(globalThis.fetch).toBe(installed);
  undoAgain();
  expect(globalThis.fetch).toBe(installed);
  undo();
  expect(globalThis.fetch).toBe(network);
});

test('paceFetch over the installed one sends each attempt once', async () => {
  const { pace } = eager();
  installPace(pace);
  expect(paceFetch(pace, globalThis.fetch)).toBe(globalThis.fetch);
  await paceFetch(pace)(URL_);
  expect(network).toHaveBeenCalledTimes(4);
});

test('a wrapper that came later stays after the undo, and ours passes its calls through', async () => {
  const undo = installPace(eager().pace);
  const ours = globalThis.fetch;
  const theirs: typeof fetch = (input, init) => ours(input, init);
  globalThis.fetch = theirs;
  undo();
  expect(globalThis.fetch).toBe(theirs);
  await fetch(URL_);
  expect(network).toHaveBeenCalledTimes(1);
});

test('another engine takes the place of the first, with a warning, and its undo gives the place back', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const first = eager();
  const second = eager();
  installPace(first.pace);
  const undo = installPace(second.pace);
  await fetch(URL_);
  expect([network.mock.calls.length, first.events.length]).toEqual([4, 0]);
  undo();
  expect(attachmentOf(globalThis.fetch)?.pace).toBe(first.pace);
  warn.mockRestore();
});
