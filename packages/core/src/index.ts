// The engine
export type { BreakerControl, Paceline, PolicyPatch } from './engine.ts';
export { createPaceline } from './paceline.ts';
export { sharedPaceline } from './shared.ts';

// Policies
export type {
  BreakerPolicy,
  BudgetPolicy,
  HedgePolicy,
  HintsPolicy,
  HostPolicy,
  PacelineOptions,
  PacePolicy,
  QueuePolicy,
  Rate,
  RetryPolicy,
  TimeoutsPolicy,
} from './policy/options.ts';
export { perHour, perMinute, perSecond, type RateOptions } from './policy/rate.ts';
export { type Strategies, strategies } from './policy/strategies.ts';
export {
  type Backoff,
  type BackoffStep,
  constant,
  type ExponentialOptions,
  exponential,
  immediate,
  type Jitter,
  type LinearOptions,
  linear,
} from './retry/backoff.ts';

// Errors
export { isPacelineError, PacelineError, type PacelineErrorCode, type PacelineErrorFacts } from './errors.ts';
export { type Settlement, settlementOf } from './call/settlement.ts';

// Watching
export type * from './monitor/events.ts';
export type {
  BreakerSnapshot,
  BucketSnapshot,
  CountersSnapshot,
  LaneSnapshot,
  PaceSnapshot,
  QuantilesSnapshot,
  Snapshot,
  StoreSnapshot,
} from './monitor/snapshot.ts';
export type { BreakerReason, BreakerStateName } from './breaker/reasons.ts';
export type { Evidence, PaceReason } from './pace/evidence.ts';
export type { RetryReason, StopReason } from './retry/reasons.ts';

// Adapters
export { wasNeverSent } from './transport/never-sent.ts';
export { type Attachment, attach, attachmentOf, warnOnce } from './attach.ts';
export type {
  Answered,
  Attempt,
  Call,
  CallFacts,
  CallRetry,
  Failed,
  Fallback,
  GivenUp,
  Outcome,
  OutcomeFacts,
  PaceOptions,
  RetryCondition,
} from './call/call.ts';

// Ports
export type { Clock, Timer } from './time/clock.ts';
export type {
  OnOutage,
  OutageReason,
  PaceStore,
  StoreAsk,
  StoreGrant,
  StoreRate,
  StoreReturn,
  StoreState,
} from './store/pace-store.ts';
