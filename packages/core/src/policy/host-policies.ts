import type { PolicyPatch } from '../engine.ts';
import { builtInFor } from './built-in.ts';
import { patternsFor } from './host-pattern.ts';
import { laneRules } from './lane-rules.ts';
import { mergePolicy } from './merge.ts';
import type { HostPolicy } from './options.ts';
import type { LaneRules } from './rules.ts';
import { checkPatch } from './validate.ts';

interface Compiled {
  readonly policy: HostPolicy;
  readonly rules: LaneRules;
}

/** The policies in force, and the rules that each lane gets from them. Lanes of one policy share one rules object. */
export class HostPolicies {
  #defaults: HostPolicy;
  /** By lower-case pattern. */
  #hosts: ReadonlyMap<string, HostPolicy>;
  /** By pattern; the defaults' own under the empty string, which is none. Compiled when first asked for. */
  readonly #compiled = new Map<string, Compiled>();

  /** Takes policies that have been checked. */
  constructor({ defaults = {}, hosts = {} }: PolicyPatch) {
    this.#defaults = mergePolicy({}, defaults);
    this.#hosts = mergeHosts(new Map(), hosts);
  }

  /** Rules of a lane: its best pattern laid on the defaults. Costs one look-up a label of the host, however many patterns. */
  rulesFor(key: string): LaneRules {
    return this.#for(key).rules;
  }

  /** What those rules were compiled from. */
  policyFor(key: string): HostPolicy {
    return this.#for(key).policy;
  }

  /**
   * Lays `patch` on what is in force. Rules handed out before stay as they were; ask again.
   *
   * @throws TypeError, RangeError for a wrong option; then nothing has changed.
   */
  patch(patch: PolicyPatch): void {
    checkPatch(patch);
    const defaults = mergePolicy(this.#defaults, patch.defaults ?? {});
    this.#hosts = mergeHosts(this.#hosts, patch.hosts ?? {});
    this.#defaults = defaults;
    this.#compiled.clear();
  }

  #for(key: string): Compiled {
    if (this.#hosts.size > 0) {
      for (const pattern of patternsFor(key)) {
        const policy = this.#hosts.get(pattern);
        if (policy) return this.#compile(pattern, policy);
      }
    }
    return this.#compile('', {});
  }

  #compile(pattern: string, own: HostPolicy): Compiled {
    let compiled = this.#compiled.get(pattern);
    if (!compiled) {
      const asked = mergePolicy(this.#defaults, own);
      const policy = mergePolicy(builtInFor(asked), asked);
      compiled = { policy, rules: laneRules(policy) };
      this.#compiled.set(pattern, compiled);
    }
    return compiled;
  }
}

function mergeHosts(
  base: ReadonlyMap<string, HostPolicy>,
  over: Readonly<Record<string, HostPolicy>>,
): ReadonlyMap<string, HostPolicy> {
  const merged = new Map(base);
  for (const [pattern, policy] of Object.entries(over)) {
    const key = pattern.toLowerCase();
    // Explicitly undefined is unset, whatever the type says.
    if (policy !== undefined) merged.set(key, mergePolicy(merged.get(key) ?? {}, policy));
  }
  return merged;
}
