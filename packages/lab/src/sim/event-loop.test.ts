import { expect, test } from 'vitest';
import { EventLoop } from './event-loop.ts';

test('events happen in order of time, and of planning where the time is the same', async () => {
  const loop = new EventLoop();
  const seen: string[] = [];
  loop.at(20, () => seen.push('c'));
  loop.at(10, () => seen.push('a'));
  loop.at(10, () => seen.push('b'));
  await loop.run(100);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(loop.now).toBe(20);
});

test('all promise work of an instant is done before time goes on, however long the chain', async () => {
  const loop = new EventLoop();
  const seenAt: number[] = [];
  loop.at(10, () => {
    void (async () => {
      for (let turn = 0; turn < 1_000; turn += 1) await undefined;
      seenAt.push(loop.now);
      loop.at(10, () => seenAt.push(loop.now));
    })();
  });
  loop.at(11, () => seenAt.push(loop.now));
  await loop.run(100);
  expect(seenAt).toEqual([10, 10, 11]);
});

test('a cancelled timer never fires', async () => {
  const loop = new EventLoop();
  let fired = false;
  loop.clock.setTimer(() => (fired = true), 5).cancel();
  await loop.run(10);
  expect(fired).toBe(false);
});

test('what happens after the end does not happen', async () => {
  const loop = new EventLoop();
  let fired = false;
  loop.at(11, () => (fired = true));
  await loop.run(10);
  expect(fired).toBe(false);
});

test('an event that throws ends the run', async () => {
  const loop = new EventLoop();
  loop.at(1, () => {
    throw new Error('broken model');
  });
  await expect(loop.run(10)).rejects.toThrow('broken model');
});
