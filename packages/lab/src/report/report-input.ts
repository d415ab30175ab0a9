import type { Scenario } from '../scenario/scenario.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { Cell } from '../suite/compare.ts';

/** What a report is about. */
export interface ReportInput {
  readonly scenarios: readonly Scenario[];
  readonly strategies: readonly Strategy[];
  readonly seeds: readonly number[];
  /** Share of the servers and their clients that was simulated. */
  readonly share: number;
  readonly cells: readonly Cell[];
}
