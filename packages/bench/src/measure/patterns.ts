import type { Timed } from './interleave.ts';

/** How many requests of a crowd are under way at once. */
export const AT_ONCE = 50;

/** Calls one after the other. */
export function oneByOne(name: string, call: () => Promise<unknown>): Timed {
  return {
    name,
    async run(times) {
      for (let done = 0; done < times; done += 1) await call();
    },
  };
}

/** One time is fifty calls, of which there are always fifty on the way until the last ones. */
export function fiftyAtOnce(name: string, call: () => Promise<unknown>): Timed {
  return {
    name,
    async run(times) {
      let left = AT_ONCE * times;
      const worker = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await call();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    },
  };
}
