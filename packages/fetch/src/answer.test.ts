import { expect, test, vi } from 'vitest';
import { answered } from './answer.ts';

const CHUNK = 1_000;

/** A body that never ends, and what was taken of it. */
function endless(): { body: ReadableStream<Uint8Array>; taken: () => number; cancel: () => Promise<void> } {
  let taken = 0;
  const cancel = vi.fn(() => Promise.reject(new Error('nobody hears of it')));
  const body = new ReadableStream(
    {
      pull(controller) {
        taken += CHUNK;
        controller.enqueue(new Uint8Array(CHUNK));
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => taken, cancel };
}

test('a dropped body without an end is cancelled after 64 KiB', async () => {
  const { body, taken, cancel } = endless();
  answered(new Response(body)).discard();
  await vi.waitFor(() => expect(cancel).toHaveBeenCalledTimes(1));
  expect(taken()).toBe(66 * CHUNK);
});

test('a body that somebody reads already is left to them', async () => {
  const { body, taken, cancel } = endless();
  const reader = body.getReader();
  answered(Object.defineProperty(new Response(), 'body', { value: body })).discard();
  await reader.read();
  expect(taken()).toBe(CHUNK);
  expect(cancel).not.toHaveBeenCalled();
});

test('a body with a second reader does not keep anybody waiting', async () => {
  const { body } = endless();
  const response = new Response(body);
  const copy = response.clone();
  answered(response).discard();
  const { value } = await copy.body!.getReader().read();
  expect(value).toHaveLength(CHUNK);
});

test('an answer without a body has nothing to drop', () => {
  expect(() => answered(new Response(null, { status: 503 })).discard()).not.toThrow();
});

test('what the engine reads of an answer leaves its body untouched', () => {
  const response = new Response('fine', { status: 429, headers: { 'retry-after': '3' } });
  const answer = answered(response);
  expect([answer.status, answer.header('retry-after'), answer.header('x-none')]).toEqual([429, '3', null]);
  expect([answer.value, response.bodyUsed]).toEqual([response, false]);
});
