import type { LaneSnapshot, QuantilesSnapshot, Snapshot } from '@paceline/core';
import type { Metric, Sample } from './exposition.ts';

type Figure = number | null;

/** A snapshot as metrics: times in seconds, totals as counters, one series a host, and more where it has several of a kind. */
export function metricsOf({ lanes, closed }: Snapshot): readonly Metric[] {
  const each = (figure: (lane: LaneSnapshot) => Figure): readonly Sample[] =>
    lanes.flatMap((lane) => sample({ host: lane.host }, figure(lane)));
  const gauge = (name: string, help: string, figure: (lane: LaneSnapshot) => Figure): Metric => ({
    name: `paceline_${name}`,
    type: 'gauge',
    help,
    samples: each(figure),
  });
  const counter = (name: string, help: string, figure: (lane: LaneSnapshot) => Figure): Metric => ({
    name: `paceline_${name}_total`,
    type: 'counter',
    help,
    samples: each(figure),
  });
  const counts = (name: string, help: string, label: string, by: (lane: LaneSnapshot) => object): Metric => ({
    name: `paceline_${name}_total`,
    type: 'counter',
    help,
    samples: lanes.flatMap((lane) =>
      Object.entries(by(lane)).flatMap(([kind, count]) => sample({ host: lane.host, [label]: kind }, count)),
    ),
  });
  const buckets = (name: string, help: string, figure: 'tokens' | 'burst' | 'perSecond'): Metric => ({
    name: `paceline_${name}`,
    type: 'gauge',
    help,
    samples: lanes.flatMap(({ host, buckets }) =>
      buckets.flatMap((bucket, index) => sample({ host, bucket: String(index) }, bucket[figure])),
    ),
  });
  const summary = (name: string, help: string, times: (lane: LaneSnapshot) => QuantilesSnapshot): Metric => ({
    name: `paceline_${name}_seconds`,
    type: 'summary',
    help,
    samples: lanes.flatMap((lane) => quantileSamples(lane.host, times(lane))),
  });
  return [
    {
      name: 'paceline_closed',
      type: 'gauge',
      help: 'Whether the engine refuses new calls.',
      samples: sample({}, Number(closed)),
    },
    gauge('queue_depth', 'Calls that wait for their turn.', ({ queued }) => queued),
    gauge('in_flight', 'Attempts on the wire.', ({ inFlight }) => inFlight),
    gauge(
      'in_flight_limit',
      'Attempts that may be on the wire; absent without a limit.',
      ({ concurrency }) => concurrency,
    ),
    gauge('backing_off', 'Calls between two attempts.', ({ backingOff }) => backingOff),
    gauge('hold_remaining_seconds', 'How long nothing will leave.', ({ holdMs }) => holdMs / 1000),
    gauge('budget_balance', 'Retries that could be paid now; absent without a budget.', ({ budget }) => budget),
    gauge('breaker_open', 'Whether the circuit breaker lets nothing through; absent without one.', ({ breaker }) =>
      breaker === null ? null : Number(breaker.state === 'open'),
    ),
    buckets('tokens', 'Attempts that may leave at once; absent without a rate.', 'tokens'),
    buckets('burst', 'Most tokens that a bucket holds.', 'burst'),
    buckets('rate_limit_per_second', 'Tokens that a bucket gets.', 'perSecond'),
    counter('calls', 'Calls that came.', ({ counters }) => counters.calls),
    counter('attempts', 'Attempts that were sent.', ({ counters }) => counters.attempts),
    counter('settled', "Calls that ended with the transport's own outcome.", ({ counters }) => counters.settled),
    counter('aborted', 'Calls that their caller gave up.', ({ counters }) => counters.aborted),
    counter('retries_unpaid', 'Retries that the budget did not pay for.', ({ counters }) => counters.unpaid),
    counter('fallbacks', 'Calls whose caller got the value of its fallback.', ({ counters }) => counters.fallbacks),
    counter('hedges', 'Attempts that were sent beside a slow one.', ({ counters }) => counters.hedges),
    counter('hedges_won', "Hedges whose answer was the call's.", ({ counters }) => counters.hedgesWon),
    counts('retries', 'Retries by reason.', 'reason', ({ counters }) => counters.retries),
    counts('refusals', 'Calls that were refused or ended, by code.', 'code', ({ counters }) => counters.refused),
    summary('queue_wait', 'Time in the queue, calls that did not wait included; recent quantiles.', ({ wait }) => wait),
    summary('attempt_duration', 'Time of one attempt; recent quantiles.', ({ latency }) => latency),
  ];
}

function quantileSamples(host: string, { count, p50, p90, p99 }: QuantilesSnapshot): readonly Sample[] {
  const quantiles: readonly (readonly [string, Figure])[] = [
    ['0.5', p50],
    ['0.9', p90],
    ['0.99', p99],
  ];
  return [
    ...quantiles.flatMap(([quantile, ms]) => sample({ host, quantile }, ms === null ? null : ms / 1000)),
    { labels: { host }, value: count, suffix: '_count' },
  ];
}

/** None for a figure that there is not. */
function sample(labels: Readonly<Record<string, string>>, value: Figure): readonly Sample[] {
  return value === null ? [] : [{ labels, value }];
}
