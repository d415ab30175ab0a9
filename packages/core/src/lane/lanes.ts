import type { LaneRules } from '../policy/rules.ts';
import { Lane, type LanePorts } from './lane.ts';

/** How many lanes a newcomer looks at, at most, to find room; keeps the cost of a new lane the same at any number. */
const LOOKS = 8;

/** All lanes of an engine by key. Over `maxLanes`, those at rest go, the longest known first; busy ones never. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #maxLanes: number;
  readonly #rulesFor: (key: string) => LaneRules;
  readonly #ports: LanePorts;

  constructor(maxLanes: number, rulesFor: (key: string) => LaneRules, ports: LanePorts) {
    this.#maxLanes = maxLanes;
    this.#rulesFor = rulesFor;
    this.#ports = ports;
  }

  /** The lane of a key, made if there is none. */
  get(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    if (this.#lanes.size >= this.#maxLanes) this.#evict();
    const own = copyOf(key);
    const lane = new Lane(own, this.#rulesFor(own), this.#ports);
    this.#lanes.set(own, lane);
    return lane;
  }

  /** The lane of a key, if there is one. */
  find(key: string): Lane | undefined {
    return this.#lanes.get(key);
  }

  /** Lets every lane follow the policies as they are now. */
  follow(now: number): void {
    for (const lane of this.#lanes.values()) lane.follow(this.#rulesFor(lane.key), now);
  }

  [Symbol.iterator](): IterableIterator<Lane> {
    return this.#lanes.values();
  }

  /** Makes room for one, and for those that were too many before. A busy lane goes to the end: it is not asked again soon. */
  #evict(): void {
    const now = this.#ports.clock.now();
    let looks = LOOKS;
    for (const [key, lane] of this.#lanes) {
      if (this.#lanes.size < this.#maxLanes || looks === 0) return;
      looks -= 1;
      this.#lanes.delete(key);
      if (!lane.isAtRest(now)) this.#lanes.set(key, lane);
    }
  }
}

/** A part of a string keeps all of it in memory: a key that was cut out of a URL, the whole URL as long as there is the lane. */
function copyOf(key: string): string {
  return JSON.parse(JSON.stringify(key)) as string;
}
