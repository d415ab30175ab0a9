import type { Meter } from '@opentelemetry/api';
import type { Paceline } from '@paceline/core';
import { WAIT_BOUNDARIES } from './boundaries.ts';
import { Durations } from './durations.ts';
import { observeLanes } from './gauges.ts';
import { Names, OTHER_HOST } from './names.ts';
import { AllSeries } from './series.ts';

/** How metrics stay bounded. */
export interface MetricRules {
  readonly maxHosts: number;
  readonly methods: ReadonlySet<string>;
}

/** Turns what the engine tells into metrics; returns what ends it. */
export function watchMetrics(pace: Paceline, meter: Meter, { maxHosts, methods }: MetricRules): () => void {
  const hosts = new Names(maxHosts, OTHER_HOST);
  const durations = new Durations(meter, new AllSeries(maxHosts, methods));
  const waits = meter.createHistogram('paceline.queue.wait', {
    unit: 's',
    description: 'Time in the queue, of attempts that had to wait.',
    advice: { explicitBucketBoundaries: WAIT_BOUNDARIES },
  });
  const retries = meter.createCounter('paceline.retries', {
    unit: '{retry}',
    description: 'Attempts that are made again, by reason.',
  });
  const refusals = meter.createCounter('paceline.refusals', {
    unit: '{call}',
    description: 'Calls that Paceline refused or ended, by code.',
  });

  const stopObserving = observeLanes(pace, meter, hosts);
  const stopListening = pace.subscribe(
    (event) => {
      switch (event.type) {
        case 'admitted':
          // Most need not wait, and a sample of nothing would cost them as much as the one of their duration.
          if (event.waitedMs > 0) waits.record(event.waitedMs / 1_000, { 'paceline.host': hosts.of(event.host) });
          return;
        case 'attempt':
          return durations.began(event);
        case 'outcome':
          return durations.ended(event);
        case 'retry':
          return retries.add(1, { 'paceline.host': hosts.of(event.host), 'paceline.retry.reason': event.reason });
        case 'refused':
          durations.refused(event);
          return refusals.add(1, { 'paceline.host': hosts.of(event.host), 'paceline.refusal.code': event.code });
        case 'settled':
          return durations.settled(event);
      }
    },
    ['admitted', 'attempt', 'outcome', 'retry', 'refused', 'settled'],
  );
  return () => {
    stopListening();
    stopObserving();
  };
}
