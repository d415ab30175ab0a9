import type { HostPolicy } from '@paceline/core';
import type { ChangeView, Settings } from '../wire/views.ts';
import { describeChange, settingsOf } from './settings.ts';

/** Changes that are kept. */
const MOST_CHANGES = 100;

/** A change of the same setting that follows within this time is part of the same one: a slider on its way. */
const SAME_MS = 2_000;

/** What was done, and what undoes it. */
interface Change {
  readonly id: number;
  readonly host: string;
  readonly did: ChangeView['did'];
  time: number;
  what: readonly string[];
  /** What the policy said before, of the parts that were changed. */
  readonly before?: HostPolicy;
  readonly settingsBefore?: Settings;
  undone: boolean;
}

/** What was changed from the dashboard, the latest last. */
export class ChangeLog {
  readonly #changes: Change[] = [];
  #version = 0;
  #ids = 0;

  /** Goes up with every change. */
  get version(): number {
    return this.#version;
  }

  views(): readonly ChangeView[] {
    return this.#changes
      .map(({ id, time, host, did, what, undone }) => ({
        id,
        time,
        host,
        did,
        what,
        undone,
        undoable: this.#undoing(id) !== undefined,
      }))
      .reverse();
  }

  /** A policy became another: of `parts`, `before` is what it said, and `was` and `is` are all of it. */
  tuned(host: string, before: HostPolicy, was: HostPolicy, is: HostPolicy): void {
    const last = this.#changes.at(-1);
    if (last?.settingsBefore !== undefined && isContinued(last, host, before)) {
      last.time = Date.now();
      last.what = describeChange(last.settingsBefore, settingsOf(is));
      this.#version += 1;
    } else {
      const settingsBefore = settingsOf(was);
      const what = describeChange(settingsBefore, settingsOf(is));
      if (what.length > 0) this.#add({ host, did: 'tune', what, before, settingsBefore });
    }
  }

  held(host: string, ms: number): void {
    this.#add({ host, did: 'hold', what: [`held for ${ms / 1000} s`] });
  }

  released(host: string): void {
    this.#add({ host, did: 'release', what: ['hold ended'] });
  }

  /** What undoes a change; undefined if there is none of that number, or a later one stands on it. */
  undo(id: number): { readonly host: string; readonly before: HostPolicy } | undefined {
    const undoing = this.#undoing(id);
    if (undoing === undefined) return undefined;
    undoing.change.undone = true;
    this.#version += 1;
    return { host: undoing.change.host, before: undoing.before };
  }

  #undoing(id: number): { readonly change: Change; readonly before: HostPolicy } | undefined {
    const index = this.#changes.findIndex((change) => change.id === id);
    const change = this.#changes[index];
    if (change?.before === undefined || change.undone) return undefined;
    const { before, host } = change;
    const isOvertaken = this.#changes
      .slice(index + 1)
      .some(
        (later) => later.host === host && !later.undone && later.before !== undefined && overlap(before, later.before),
      );
    return isOvertaken ? undefined : { change, before };
  }

  #add(change: Omit<Change, 'id' | 'time' | 'undone'>): void {
    this.#ids += 1;
    this.#version += 1;
    this.#changes.push({ ...change, id: this.#ids, time: Date.now(), undone: false });
    if (this.#changes.length > MOST_CHANGES) this.#changes.shift();
  }
}

function isContinued(last: Change, host: string, before: HostPolicy): boolean {
  const isSame = Object.keys(last.before ?? {}).join() === Object.keys(before).join();
  return last.host === host && isSame && !last.undone && Date.now() - last.time < SAME_MS;
}

function overlap(a: HostPolicy, b: HostPolicy): boolean {
  return Object.keys(a).some((part) => part in b);
}
