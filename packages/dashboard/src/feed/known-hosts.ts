import type { Paceline, Snapshot } from '@paceline/core';
import { settingsOf } from '../tuning/settings.ts';
import type { HostView, Settings } from '../wire/views.ts';

interface Known {
  /** The host's view as JSON: the frames of all watchers are put together from it. */
  json: string;
  /** Sample at which that changed last. */
  changedAt: number;
  seenAt: number;
}

/**
 * What every host looked like when it was sampled last, and since which sample. A watcher that has missed any number of
 * samples gets each host once, as it is now; nothing is kept for it in the meantime.
 */
export class KnownHosts {
  readonly #hosts = new Map<string, Known>();
  /** Hosts that are no more, by the sample at which they were missed. */
  readonly #gone = new Map<string, number>();
  readonly #settings = new WeakMap<object, Settings>();

  /** Takes in a sample; `sample` is its number. */
  update({ lanes }: Snapshot, sample: number, pace: Paceline): void {
    for (const lane of lanes) {
      const view: HostView = { ...lane, settings: this.#settingsOf(lane.host, pace) };
      this.#see(lane.host, JSON.stringify(view), sample);
    }
    if (this.#hosts.size === lanes.length) return;
    for (const [host, { seenAt }] of this.#hosts) {
      if (seenAt === sample) continue;
      this.#hosts.delete(host);
      this.#gone.set(host, sample);
    }
  }

  /** Views that have changed since a sample, as JSON. */
  changedSince(sample: number): readonly string[] {
    const changed: string[] = [];
    for (const known of this.#hosts.values()) if (known.changedAt > sample) changed.push(known.json);
    return changed;
  }

  goneSince(sample: number): readonly string[] {
    return [...this.#gone].flatMap(([host, at]) => (at > sample ? [host] : []));
  }

  /** Forgets hosts that everybody knows to be gone. */
  forgetGone(sample: number): void {
    for (const [host, at] of this.#gone) if (at <= sample) this.#gone.delete(host);
  }

  #see(host: string, json: string, sample: number): void {
    const known = this.#hosts.get(host);
    if (known === undefined) {
      this.#gone.delete(host);
      this.#hosts.set(host, { json, changedAt: sample, seenAt: sample });
      return;
    }
    known.seenAt = sample;
    if (known.json === json) return;
    known.json = json;
    known.changedAt = sample;
  }

  /** A policy is the same object until it changes, and many hosts share one. */
  #settingsOf(host: string, pace: Paceline): Settings {
    const policy = pace.policyOf(host);
    let settings = this.#settings.get(policy);
    if (settings === undefined) {
      settings = settingsOf(policy);
      this.#settings.set(policy, settings);
    }
    return settings;
  }
}
