import { constant, createPaceline, type HostPolicy, type Paceline } from '@paceline/core';
import { seededRandom } from '@paceline/core/testing';
import type { Client, Send } from '../client.ts';
import type { Moment, Plan, Scenario, Whereabouts } from '../scenario.ts';
import { type Stage, urlOf } from '../stage/stage.ts';
import { type Ending, endOf } from './end.ts';
import { EventLog } from './event-log.ts';
import type { Time } from './time.ts';

/** What came of a scenario, but for what the server saw. */
export interface Report {
  readonly endings: Readonly<Record<string, Ending>>;
  readonly log: EventLog;
}

/** Where and when a scenario is played. */
export interface Setting {
  readonly stage: Stage;
  readonly time: Time;
}

/** The client that makes a call. */
export type Casting = (call: string) => Client;

/** Plays a scenario on a fresh engine, from its first call to the last one's end. */
export async function play(scenario: Scenario, clientOf: Casting, setting: Setting): Promise<Report> {
  const { clock } = setting.time;
  const pace = createPaceline({ defaults: policyOf(scenario), random: seededRandom(1), ...(clock && { clock }) });
  return new Play({ scenario, clientOf, pace, ...setting }).run();
}

function policyOf({ policy }: Scenario): HostPolicy {
  const backoff = constant(20);
  // A lane that adapts would have a say in when the attempts of a scenario leave.
  const fixed: HostPolicy = { pace: false, ...policy };
  if (fixed.retry === false) return fixed;
  return { ...fixed, retry: { backoff, ...fixed.retry } };
}

interface Cast extends Setting {
  readonly scenario: Scenario;
  readonly clientOf: Casting;
  readonly pace: Paceline;
}

/** A call that was made. */
interface Made {
  readonly plan: Plan;
  readonly controller: AbortController;
  /** Set when its caller has the result. */
  ending: Ending | undefined;
}

class Play {
  readonly #cast: Cast;
  readonly #connections = new Map<Client, Send>();
  readonly #log: EventLog;
  readonly #names: string[] = [];
  readonly #made = new Map<string, Made>();
  #closed: Promise<void> | undefined;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#log = new EventLog(cast.pace, this.#names);
  }

  async run(): Promise<Report> {
    const { scenario, stage, pace } = this.#cast;
    if (scenario.heldMs) pace.hold(new URL(stage.origin).host, scenario.heldMs);
    for (const [name, plan] of Object.entries(scenario.calls)) {
      if (plan.when) await this.#until(() => this.#has(plan.when));
      this.#make(name, plan);
      await this.#until(() => this.#log.knows(name) || this.#isOver(name));
    }
    await this.#until(() => [...this.#made.keys()].every((name) => this.#isOver(name)));
    await this.#closed;
    await pace.idle();
    const endings = [...this.#made].map(([name, { ending }]) => [name, ending] as const);
    return { endings: Object.fromEntries(endings) as Report['endings'], log: this.#log };
  }

  #make(name: string, plan: Plan): void {
    const { clientOf, stage } = this.#cast;
    const client = clientOf(name);
    const controller = new AbortController();
    const made: Made = { plan, controller, ending: undefined };
    if (plan.abortIn === 'start') controller.abort(new Error(`${name} is not wanted`));
    this.#names.push(name);
    this.#made.set(name, made);
    const result = this.#connectionOf(client)({
      url: urlOf(stage, name),
      method: plan.method ?? 'GET',
      headers: plan.headers ?? {},
      body: plan.body,
      signal: plan.abortIn && controller.signal,
      options: plan.pace,
      fallsBackTo: plan.fallsBackTo,
      timeoutMs: plan.timeoutMs,
    });
    void endOf(client, result, controller.signal).then((ending) => {
      made.ending = ending;
    });
  }

  #connectionOf(client: Client): Send {
    const send = this.#connections.get(client) ?? client.connect(this.#cast.pace);
    this.#connections.set(client, send);
    return send;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const isStill = this.#isStill && !this.#act();
      await this.#cast.time.pass(isStill);
    }
  }

  /** Whether all that is not over waits for the clock. */
  get #isStill(): boolean {
    return [...this.#made.keys()].every((name) => this.#isOver(name) || this.#whereabouts(name) !== undefined);
  }

  /** Does what the scenario asks for at this moment; false if that is nothing. */
  #act(): boolean {
    const { scenario, pace } = this.#cast;
    if (this.#closed === undefined && this.#has(scenario.closeWhen)) {
      this.#closed = pace.close();
      return true;
    }
    for (const [name, { plan, controller }] of this.#made) {
      if (controller.signal.aborted || plan.abortIn !== this.#whereabouts(name)) continue;
      controller.abort(new Error(`${name} is not wanted any more`));
      return true;
    }
    return false;
  }

  #has(moment: Moment | undefined): boolean {
    return moment !== undefined && this.#whereabouts(moment.call) === moment.is;
  }

  #isOver(name: string): boolean {
    return this.#made.get(name)?.ending !== undefined;
  }

  /** Undefined while a client or the server is at work on it. */
  #whereabouts(name: string): Whereabouts | undefined {
    if (this.#isOver(name)) return 'over';
    const phase = this.#log.phaseOf(name);
    if (phase === 'flight') return this.#isHeld(name) ? 'flight' : undefined;
    return phase === 'over' ? undefined : phase;
  }

  #isHeld(name: string): boolean {
    const requests = this.#cast.stage.received.filter(({ call }) => call === name);
    return requests.length === this.#log.attemptsOf(name) && requests.at(-1)?.isHeld === true;
  }
}
