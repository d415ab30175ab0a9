// Scenarios
export type { Load, PlannedCall, Scenario } from './scenario/scenario.ts';
export { type Variation, variations } from './scenario/variations.ts';
export { standardScenarios } from './scenarios/scenarios.ts';
export type { Phase, QuotaSpec, ServerSpec } from './server/server-spec.ts';
export { scaled } from './scenario/scale.ts';
export { type ServerNumbers, withNumbers } from './policy/server-numbers.ts';

// Strategies
export type { Client, Place, Strategy } from './strategy/strategy.ts';
export { fairShare, paceline } from './strategy/paceline.ts';
export { fleet } from './strategy/fleet.ts';
export { standardStrategies } from './strategy/strategies.ts';
export type { CallPolicy, FailedAttempt, Result } from './reference/call-policy.ts';
export { reference } from './reference/plain-client.ts';

// Names
export { scenarioNamed, scenariosNamed, strategyNamed, UnknownNameError } from './suite/names.ts';

// Simulating and measuring
export { type Run, simulate } from './sim/simulate.ts';
export type { CallTable, Curves } from './sim/tally.ts';
export type { WorkDone } from './server/server.ts';
export { measure, measurePart } from './measure/measure.ts';
export type { Figures, Metric, RunFacts } from './measure/metric.ts';
export { standardMetrics } from './measure/metrics.ts';
export type { Spread } from './measure/statistics.ts';
export { type Cell, type Comparison, compare, type Runner, type RunResult, type Spreads } from './suite/compare.ts';
export type { PlainCurves } from './suite/plain-curves.ts';

// The contention experiment
export { type ContentionCell, contentionExperiment } from './contention/experiment.ts';
export type { Contention } from './contention/published.ts';

// Reporting
export { renderReport } from './report/html.ts';
export type { ReportInput } from './report/report-input.ts';
