import type { Answered, Attempt, Call, Outcome } from '@paceline/core';
import { type Arrivals, arrivalsOf } from '../scenario/arrivals.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Reply, Server, type WorkDone } from '../server/server.ts';
import type { Client, Strategy } from '../strategy/strategy.ts';
import { EventLoop } from './event-loop.ts';
import { type Random, randomStream } from './random.ts';
import { type CallTable, type Curves, count, emptyCallTable, emptyCurves } from './tally.ts';

/** One run: what became of every call, and what the server saw. */
export interface Run {
  readonly scenario: Scenario;
  readonly strategy: string;
  readonly seed: number;
  readonly calls: CallTable;
  readonly curves: Curves;
  readonly work: WorkDone;
}

/** Engines round their deadlines up by as much as a sixty-fourth; an answer that late is still in time. */
const GRACE = 1 + 1 / 32;

/** The wire is a tenth faster or slower. */
const WIRE_SPREAD = 0.1;

const URL = 'https://server.lab/';

/**
 * Runs a scenario under a strategy. The same scenario, strategy and seed give the same run, to the last bit.
 *
 * @example
 * ```ts
 * import { scenarioNamed, simulate, strategyNamed } from '@paceline/lab';
 *
 * const run = await simulate(scenarioNamed('brownout'), strategyNamed('jittered'), 1);
 * console.log(run.calls.attempts.length);
 * ```
 */
export async function simulate(scenario: Scenario, strategy: Strategy, seed: number): Promise<Run> {
  const loop = new EventLoop();
  const lastMs = scenario.endMs + scenario.totalMs * GRACE + 1_000;
  const arrivals = arrivalsOf(scenario, seed);
  const curves = emptyCurves(scenario.binMs, lastMs);
  const calls = emptyCallTable(arrivals);
  const { binMs } = curves;
  const server = new Server(scenario.server, scenario.phases, loop, randomStream(seed, 'server'), {
    served: (now) => count(curves.served, binMs, now),
    queued: (length, now) => {
      const bin = Math.floor(now / binMs);
      curves.queue[bin] = Math.max(curves.queue[bin] ?? 0, length);
    },
  });
  const wire = new Wire(scenario, loop, server, randomStream(seed, 'wire'), calls, curves);
  const clients = openClients(scenario, strategy, loop, seed);
  planArrivals(arrivals, loop, (number) => {
    const client = clients[arrivals.process[number] ?? 0];
    if (client === undefined) return;
    count(curves.calls, binMs, loop.now);
    client.run(wire.call(number)).then((outcome) => wire.settle(number, outcome));
  });
  await loop.run(lastMs);
  return { scenario, strategy: strategy.name, seed, calls, curves, work: server.work };
}

function openClients(scenario: Scenario, strategy: Strategy, loop: EventLoop, seed: number): Client[] {
  return Array.from({ length: scenario.load.processes }, (_, process) =>
    strategy.open({ clock: loop.clock, random: randomStream(seed, 'client', process), process, scenario }),
  );
}

/** One event at a time, so that the heap holds what is under way and not what is to come. */
function planArrivals({ at }: Arrivals, loop: EventLoop, arrive: (number: number) => void): void {
  const planNext = (number: number): void => {
    const time = at[number];
    if (time === undefined) return;
    loop.at(time, () => {
      planNext(number + 1);
      arrive(number);
    });
  };
  planNext(0);
}

/** What lies between the clients and the server, and counts what passes. */
class Wire {
  readonly #scenario: Scenario;
  readonly #loop: EventLoop;
  readonly #server: Server;
  readonly #random: Random;
  readonly #calls: CallTable;
  readonly #curves: Curves;

  constructor(scenario: Scenario, loop: EventLoop, server: Server, random: Random, calls: CallTable, curves: Curves) {
    this.#scenario = scenario;
    this.#loop = loop;
    this.#server = server;
    this.#random = random;
    this.#calls = calls;
    this.#curves = curves;
  }

  call(number: number): Call<undefined> {
    return { url: URL, method: 'GET', replayable: true, send: (attempt) => this.#send(number, attempt) };
  }

  settle(number: number, outcome: Outcome<undefined>): void {
    const { now } = this.#loop;
    const tookMs = now - (this.#calls.arrivedAt[number] ?? 0);
    this.#calls.settledAt[number] = now;
    if (outcome.kind === 'failed' || outcome.status !== 200 || tookMs > this.#scenario.totalMs * GRACE) return;
    this.#calls.succeeded[number] = 1;
    count(this.#curves.succeeded, this.#curves.binMs, now);
  }

  /** Settles when an answer comes, which is never for a silent server; an answer that nobody waits for is lost on the way. */
  #send(number: number, { signal }: Attempt): Promise<Outcome<undefined>> {
    const loop = this.#loop;
    this.#calls.attempts[number] = (this.#calls.attempts[number] ?? 0) + 1;
    return new Promise((resolve) => {
      const isWanted = (): boolean => !signal?.aborted;
      const answer = (reply: Reply): void => {
        if (isWanted()) loop.at(loop.now + this.#oneWayMs(), () => resolve(outcomeOf(reply)));
      };
      loop.quietlyAt(loop.now + this.#oneWayMs(), () => {
        count(this.#curves.attempts, this.#curves.binMs, loop.now);
        this.#server.receive({ isWanted, answer });
      });
    });
  }

  #oneWayMs(): number {
    return (this.#scenario.roundTripMs / 2) * (1 + WIRE_SPREAD * (2 * this.#random() - 1));
  }
}

function outcomeOf(reply: Reply): Outcome<undefined> {
  switch (reply.kind) {
    case 'refused':
      return { kind: 'failed', error: new Error('Connection refused'), sent: 'never' };
    case 'reset':
      return { kind: 'failed', error: new Error('Connection reset'), sent: 'maybe' };
    case 'answered':
      return new LabAnswer(reply.status, reply.headers);
  }
}

class LabAnswer implements Answered<undefined> {
  readonly kind = 'answered';
  readonly value = undefined;
  readonly status: number;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(status: number, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    return this.#headers[name];
  }

  discard(): void {
    // There is no connection to free.
  }
}
