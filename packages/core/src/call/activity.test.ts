import { expect, test } from 'vitest';
import { Activity } from './activity.ts';

/** Whether it is idle within this turn. */
async function isIdle(activity: Activity): Promise<boolean> {
  let idle = false;
  void activity.idle().then(() => {
    idle = true;
  });
  await undefined;
  await undefined;
  return idle;
}

test('an engine without calls is idle', async () => {
  expect(await isIdle(new Activity())).toBe(true);
});

test('everybody who waits is told when the last call is over, and not before', async () => {
  const activity = new Activity();
  activity.begin();
  activity.begin();
  let told = 0;
  const waits = [activity.idle(), activity.idle()].map((idle) =>
    idle.then(() => {
      told += 1;
    }),
  );
  activity.end();
  await undefined;
  expect(told).toBe(0);
  activity.end();
  await Promise.all(waits);
  expect(told).toBe(2);
});

test('a call that begins again ends the rest', async () => {
  const activity = new Activity();
  activity.begin();
  activity.end();
  expect(await isIdle(activity)).toBe(true);
  activity.begin();
  expect(await isIdle(activity)).toBe(false);
  activity.end();
  expect(await isIdle(activity)).toBe(true);
});
