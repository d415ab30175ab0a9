import type { HostPolicy, Paceline } from '@paceline/core';
import { Refusal } from '../http/refusal.ts';
import type { ChangeLog } from './change-log.ts';
import { isObject, isTunable, policyFrom, UNLIMITED } from './patch.ts';

/** Longest hold by hand. */
const MOST_HOLD_MS = 3_600_000;

type Body = Readonly<Record<string, unknown>>;

/** Changes an engine as the page asks, and keeps account of it. Whatever is refused has changed nothing. */
export class Tuning {
  readonly #pace: Paceline;
  readonly #changes: ChangeLog;

  constructor(pace: Paceline, changes: ChangeLog) {
    this.#pace = pace;
    this.#changes = changes;
  }

  /** `{ host, settings }` */
  tune({ host, settings }: Body): void {
    const key = this.#known(host);
    const patch = policyFrom(settings);
    const was = this.#pace.policyOf(key);
    this.#configure(key, patch);
    this.#changes.tuned(key, partsOf(was, patch), was, this.#pace.policyOf(key));
  }

  /** `{ host, ms }` */
  hold({ host, ms }: Body): void {
    const key = this.#known(host);
    if (!(typeof ms === 'number' && ms >= 1 && ms <= MOST_HOLD_MS)) {
      throw new Refusal(400, `ms: expected a number from 1 to ${MOST_HOLD_MS}`);
    }
    this.#pace.hold(key, ms);
    this.#changes.held(key, ms);
  }

  /** `{ host }` */
  release({ host }: Body): void {
    const key = this.#known(host);
    this.#pace.release(key);
    this.#changes.released(key);
  }

  /** `{ id }` */
  undo({ id }: Body): void {
    if (typeof id !== 'number') throw new Refusal(400, 'id: expected the number of a change');
    const undone = this.#changes.undo(id);
    if (undone === undefined)
      throw new Refusal(409, `change ${id} cannot be undone: there is none, or a later one stands on it`);
    this.#configure(undone.host, undone.before);
  }

  /** A hold would make a lane for any name: only hosts that there are may be changed. */
  #known(host: unknown): string {
    if (typeof host !== 'string') throw new Refusal(400, 'host: expected the name of a host');
    if (!this.#pace.snapshot().lanes.some((lane) => lane.host === host)) throw new Refusal(404, `no host '${host}'`);
    return host;
  }

  /**
   * A host may be one of a wildcard's. A pattern of its own takes nothing from that, so it gets the whole policy that was
   * in force, and the change on top.
   */
  #configure(host: string, patch: HostPolicy): void {
    const policy = laidOn(this.#pace.policyOf(host), patch);
    try {
      this.#pace.configure({ hosts: { [host]: policy } });
    } catch (error) {
      throw new Refusal(400, (error as Error).message);
    }
  }
}

/** Groups field by field, as `configure` itself does. */
function laidOn(policy: HostPolicy, patch: HostPolicy): HostPolicy {
  return {
    ...policy,
    ...patch,
    ...(isObject(patch.retry) && policy.retry && { retry: { ...policy.retry, ...patch.retry } }),
    ...(isObject(patch.budget) && policy.budget && { budget: { ...policy.budget, ...patch.budget } }),
  };
}

/** What a policy says of the parts that a patch changes. */
function partsOf(policy: HostPolicy, patch: HostPolicy): HostPolicy {
  const parts = Object.keys(patch).filter(isTunable);
  return Object.fromEntries(parts.map((part) => [part, policy[part] ?? UNLIMITED]));
}
