import { type Backoff, createPaceline, type Outcome } from '@paceline/core';
import { EventLoop } from '../sim/event-loop.ts';
import { normalOf, type Random, randomStream } from '../sim/random.ts';
import { type Contention, clientCounts, contenders } from './published.ts';

/** Means over the trials of one contender with one number of clients. */
export interface ContentionCell extends Contention {
  readonly clients: number;
  readonly contender: string;
}

const WIRE_MS = 10;
const WIRE_SD_MS = 2;

const WON = 200;
const CONFLICT = 409;

/**
 * The contention experiment of the AWS Architecture Blog: each client reads the version of one row and writes the row if its
 * version is still the same; if not, it waits and begins again. Here every client is a real engine, a conflict is a 409 that
 * it retries, and the wait is core's backoff.
 *
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015; aws-samples/aws-arch-backoff-simulator.
 */
export async function contentionExperiment(
  trials: number,
  counts: readonly number[] = clientCounts,
  onCell?: (done: number, of: number) => void,
): Promise<ContentionCell[]> {
  const cells: ContentionCell[] = [];
  for (const clients of counts) {
    for (const { name, backoff } of contenders) {
      cells.push({ clients, contender: name, ...(await meanOf(trials, clients, backoff, name)) });
      onCell?.(cells.length, counts.length * contenders.length);
    }
  }
  return cells;
}

async function meanOf(trials: number, clients: number, backoff: Backoff, name: string): Promise<Contention> {
  let calls = 0;
  let completionMs = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const result = await contend(clients, backoff, (index) => randomStream(trial, `contention/${name}`, index));
    calls += result.calls;
    completionMs += result.completionMs;
  }
  return { calls: calls / trials, completionMs: completionMs / trials };
}

/** One trial: `clients` engines, each with one call. */
async function contend(clients: number, backoff: Backoff, stream: (index: number) => Random): Promise<Contention> {
  const loop = new EventLoop();
  const row = new Row(loop, stream(0));
  const retry = { backoff, maxRetries: Infinity, statuses: [CONFLICT] };
  for (let index = 1; index <= clients; index += 1) {
    const defaults = { retry, budget: false, hints: false } as const;
    const pace = createPaceline({ clock: loop.clock, random: stream(index), defaults });
    void pace.run({ url: 'https://row.lab/', method: 'GET', replayable: true, send: () => row.update() });
  }
  await loop.run(Infinity);
  return { calls: row.writes, completionMs: loop.now };
}

/** A row with a version, and the wire to it. */
class Row {
  writes = 0;
  readonly #loop: EventLoop;
  readonly #random: Random;
  #version = 0;

  constructor(loop: EventLoop, random: Random) {
    this.#loop = loop;
    this.#random = random;
  }

  /** Read, there and back; write, there and back. */
  update(): Promise<Outcome<undefined>> {
    return new Promise((resolve) => {
      this.#after(() => {
        const seen = this.#version;
        this.#after(() => this.#after(() => this.#write(seen, resolve)));
      });
    });
  }

  #write(seen: number, resolve: (outcome: Outcome<undefined>) => void): void {
    this.writes += 1;
    const isCurrent = seen === this.#version;
    if (isCurrent) this.#version += 1;
    const outcome = answer(isCurrent ? WON : CONFLICT);
    this.#loop.at(this.#loop.now + this.#wireMs(), () => resolve(outcome));
  }

  #after(action: () => void): void {
    this.#loop.quietlyAt(this.#loop.now + this.#wireMs(), action);
  }

  #wireMs(): number {
    return Math.abs(WIRE_MS + WIRE_SD_MS * normalOf(this.#random));
  }
}

function answer(status: number): Outcome<undefined> {
  return { kind: 'answered', status, value: undefined, header: () => undefined, discard: () => undefined };
}
