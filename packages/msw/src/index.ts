// The kit
export { type Failures, failures } from './failures.ts';
// What came
export type { Journal, JournalAnswer, JournalEntry } from './journal/journal.ts';
export type { FailuresOptions } from './options.ts';
// Scenarios
export type { Part } from './scenario/course.ts';
export type {
  FailedAnswer,
  Failure,
  Outage,
  Quota,
  QuotaDialect,
  RandomErrors,
  Scenario,
  Slowness,
} from './scenario/options.ts';
// Time
export type { Clock, Timer } from './time/clock.ts';
