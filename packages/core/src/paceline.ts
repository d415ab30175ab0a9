import { AbortHub } from './call/abort-hub.ts';
import { Activity } from './call/activity.ts';
import type { Call, Outcome } from './call/call.ts';
import { live } from './call/life.ts';
import { type CallPorts, Ticket } from './call/ticket.ts';
import type { BreakerControl, Paceline, PolicyPatch } from './engine.ts';
import type { Lane } from './lane/lane.ts';
import { laneKeyOf } from './lane/lane-key.ts';
import { Lanes } from './lane/lanes.ts';
import { Emitter } from './monitor/emitter.ts';
import type { PaceEventType, PaceListener } from './monitor/events.ts';
import type { Snapshot } from './monitor/snapshot.ts';
import { HostPolicies } from './policy/host-policies.ts';
import type { HostPolicy, PacelineOptions } from './policy/options.ts';
import { checkPaceOptions } from './policy/pace-options.ts';
import { checkOptions } from './policy/validate.ts';
import { Deadlines } from './time/deadlines.ts';
import { runtimeClock } from './time/runtime-clock.ts';

/**
 * Makes an engine. It sets no timer and does no I/O until the first call.
 *
 * @throws TypeError for an unknown option or one of the wrong type, RangeError for one out of range; the message names
 * the option, what was expected and what came.
 *
 * @example
 * ```ts
 * import { createPaceline, perSecond } from '@paceline/core';
 *
 * const pace = createPaceline({
 *   defaults: { concurrency: 20 },
 *   hosts: { 'api.example.com': { rate: perSecond(10), timeouts: { totalMs: 30_000 } } },
 * });
 * ```
 */
export function createPaceline(options: PacelineOptions = {}): Paceline {
  checkOptions(options);
  return new Engine(options);
}

class Engine implements Paceline {
  readonly #policies: HostPolicies;
  readonly #lanes: Lanes;
  readonly #laneOfUrl: (url: string) => Lane;
  readonly #ports: CallPorts;
  readonly #hostOf: (host: string) => string;
  #calls = 0;

  constructor(options: PacelineOptions) {
    const { clock = runtimeClock, random = Math.random, keyOf, maxLanes = 10_000, store } = options;
    // Hosts are lower case; whoever makes keys of his own spells them his own way.
    this.#hostOf = keyOf === undefined ? (host) => host.toLowerCase() : (host) => host;
    this.#policies = new HostPolicies(options);
    this.#ports = {
      clock,
      random,
      events: new Emitter(),
      deadlines: new Deadlines(clock),
      aborts: new AbortHub(),
      activity: new Activity(),
      backingOff: new Set(),
      isClosing: false,
      fleet: store && { store, holder: nameFrom(random) },
    };
    const lanes = new Lanes(maxLanes, (key) => this.#policies.rulesFor(key), this.#ports);
    this.#lanes = lanes;
    this.#laneOfUrl = keyOf === undefined ? keepingLast(lanes) : (url) => lanes.get(keyOf(url));
  }

  run<R>(call: Call<R>): Promise<Outcome<R>> {
    let ticket: Ticket;
    try {
      if (call.options !== undefined) checkPaceOptions(call.options);
      ticket = this.#admitted(call);
    } catch (error) {
      return Promise.resolve({ kind: 'failed', error, sent: 'never', final: true });
    }
    // The engine looks at no value; what `send` gave is what comes back.
    return live(ticket) as Promise<Outcome<R>>;
  }

  configure(patch: PolicyPatch): void {
    this.#policies.patch(patch);
    this.#lanes.follow(this.#ports.clock.now());
  }

  policyOf(host: string): HostPolicy {
    return this.#policies.policyFor(this.#hostOf(host));
  }

  hold(host: string, ms: number): void {
    if (!(typeof ms === 'number' && ms >= 0)) {
      throw notMs('hold', ms);
    }
    this.#lanes.get(this.#hostOf(host)).hold(ms, 'manual', this.#ports.clock.now());
  }

  release(host: string): void {
    this.#lanes.find(this.#hostOf(host))?.unhold(this.#ports.clock.now());
  }

  breaker(host: string): BreakerControl {
    const key = this.#hostOf(host);
    const lanes = this.#lanes;
    const { clock } = this.#ports;
    return {
      get state() {
        return lanes.find(key)?.breaker?.state;
      },
      open(ms = Infinity) {
        if (!(typeof ms === 'number' && ms >= 0)) throw notMs('breaker.open', ms);
        if (lanes.get(key).openBreaker(ms, clock.now())) return;
        throw new TypeError(`breaker.open: the policy of ${key} has no breaker`);
      },
      close: () => lanes.find(key)?.closeBreaker(clock.now()),
    };
  }

  snapshot(): Snapshot {
    const at = this.#ports.clock.now();
    return { at, closed: this.#ports.isClosing, lanes: Array.from(this.#lanes, (lane) => lane.snapshot(at)) };
  }

  subscribe<T extends PaceEventType = PaceEventType>(listener: PaceListener<T>, types?: readonly T[]): () => void {
    return this.#ports.events.subscribe(listener, types);
  }

  idle(): Promise<void> {
    return this.#ports.activity.idle();
  }

  close(): Promise<void> {
    const now = this.#ports.clock.now();
    this.#ports.isClosing = true;
    for (const lane of this.#lanes) lane.close(now);
    for (const ticket of this.#ports.backingOff) ticket.refuse('CLOSED', now);
    return this.#ports.fleet === undefined ? this.idle() : this.#leaveFleet();
  }

  /** A ticket for the call, in its lane; what the caller's signal or the engine's closing has ended is marked so. */
  #admitted(call: Call<unknown>): Ticket {
    const lane = this.#laneOf(call);
    const now = this.#ports.clock.now();
    this.#calls += 1;
    const ticket = new Ticket(this.#calls, call, lane, this.#ports, now);
    lane.arrive(now);
    this.#ports.activity.begin();
    const { signal } = call;
    if (signal?.aborted) ticket.end('aborted', signal.reason, now);
    else if (signal !== undefined) this.#ports.aborts.follow(signal, ticket);
    if (this.#ports.isClosing) ticket.refuse('CLOSED', now);
    return ticket;
  }

  async #leaveFleet(): Promise<void> {
    await this.idle();
    await Promise.all(Array.from(this.#lanes, (lane) => lane.leaveFleet()));
  }

  #laneOf({ url, options }: Call<unknown>): Lane {
    return options?.key === undefined ? this.#laneOfUrl(url) : this.#lanes.get(options.key);
  }
}

/** A name that no other engine draws by chance. */
function nameFrom(random: () => number): string {
  const part = (): string => Math.floor(random() * 2 ** 40).toString(36);
  return `${part()}${part()}`;
}

function notMs(path: string, ms: unknown): RangeError {
  return new RangeError(`${path}: expected a number of milliseconds from 0, got ${String(ms)}`);
}

/**
 * Calls to one host mostly come in a row, often to the same URL, so the last key is kept: the lane's own, which is found
 * without comparing letters.
 */
function keepingLast(lanes: Lanes): (url: string) => Lane {
  let lastUrl: string | undefined;
  let lastKey = '';
  return (url) => {
    if (url === lastUrl) return lanes.get(lastKey);
    const lane = lanes.get(laneKeyOf(url));
    lastKey = lane.key;
    lastUrl = url;
    return lane;
  };
}
