import type { Scenario } from '../scenario/scenario.ts';
import { brownout } from './brownout.ts';
import { brownoutQueue } from './brownout-queue.ts';
import { brownoutRetryAfter } from './brownout-retry-after.ts';
import { errors20 } from './errors-20.ts';
import { errors50 } from './errors-50.ts';
import { healthy } from './healthy.ts';
import { herdDeep } from './herd-deep.ts';
import { herdOne } from './herd-one.ts';
import { herdWide } from './herd-wide.ts';
import { metastableSlowdown } from './metastable-slowdown.ts';
import { metastableSpike } from './metastable-spike.ts';
import { outageRefused } from './outage-refused.ts';
import { outageRetryAfter } from './outage-retry-after.ts';
import { outageSilent } from './outage-silent.ts';
import { quotaBatch } from './quota-batch.ts';
import { quotaBatchRateLimit } from './quota-batch-rate-limit.ts';
import { quotaBatchRetryAfter } from './quota-batch-retry-after.ts';
import { quotaSteady } from './quota-steady.ts';
import { quotaSteadyRetryAfter } from './quota-steady-retry-after.ts';
import { quotaSteadyWindow } from './quota-steady-window.ts';
import { silence20 } from './silence-20.ts';

/** Every scenario of the standard suite, from the harmless to the hopeless. */
export const standardScenarios: readonly Scenario[] = [
  healthy,
  herdWide,
  herdDeep,
  herdOne,
  brownout,
  brownoutQueue,
  brownoutRetryAfter,
  outageRefused,
  outageSilent,
  outageRetryAfter,
  metastableSlowdown,
  metastableSpike,
  quotaBatch,
  quotaBatchRetryAfter,
  quotaBatchRateLimit,
  quotaSteady,
  quotaSteadyRetryAfter,
  quotaSteadyWindow,
  errors20,
  errors50,
  silence20,
];
