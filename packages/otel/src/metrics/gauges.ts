import type { BatchObservableResult, Meter } from '@opentelemetry/api';
import type { Paceline } from '@paceline/core';
import type { Names } from './names.ts';
import { readingsOf } from './readings.ts';

/** Reports the lanes' state whenever somebody collects, and costs nothing in between; returns what ends it. */
export function observeLanes(pace: Paceline, meter: Meter, hosts: Names): () => void {
  const depth = meter.createObservableUpDownCounter('paceline.queue.depth', {
    unit: '{call}',
    description: 'Calls that wait for their turn.',
  });
  const inFlight = meter.createObservableUpDownCounter('paceline.in_flight', {
    unit: '{attempt}',
    description: 'Attempts on the wire.',
  });
  const backingOff = meter.createObservableUpDownCounter('paceline.backing_off', {
    unit: '{call}',
    description: 'Calls between two attempts.',
  });
  const tokens = meter.createObservableGauge('paceline.tokens', {
    unit: '{token}',
    description: 'Tokens in the emptiest bucket.',
  });
  const rate = meter.createObservableGauge('paceline.rate', {
    unit: '{token}/s',
    description: 'Tokens that the slowest rate refills.',
  });
  const pacedRate = meter.createObservableGauge('paceline.paced_rate', {
    unit: '{attempt}/s',
    description: 'Attempts that the host is thought to bear.',
  });
  const hold = meter.createObservableGauge('paceline.hold.remaining', {
    unit: 's',
    description: 'What is left of the time in which nothing leaves.',
  });
  const budget = meter.createObservableGauge('paceline.budget.balance', {
    unit: '{retry}',
    description: 'Retries that could be paid now.',
  });

  const observe = (result: BatchObservableResult): void => {
    for (const [host, reading] of readingsOf(pace.snapshot().lanes, hosts)) {
      const attributes = { 'paceline.host': host };
      result.observe(depth, reading.queued, attributes);
      result.observe(inFlight, reading.inFlight, attributes);
      result.observe(backingOff, reading.backingOff, attributes);
      result.observe(hold, reading.holdMs / 1_000, attributes);
      if (reading.tokens !== null) result.observe(tokens, reading.tokens, attributes);
      if (reading.perSecond !== null) result.observe(rate, reading.perSecond, attributes);
      if (reading.pacedPerSecond !== null) result.observe(pacedRate, reading.pacedPerSecond, attributes);
      if (reading.budget !== null) result.observe(budget, reading.budget, attributes);
    }
  };
  const observed = [depth, inFlight, backingOff, tokens, rate, pacedRate, hold, budget];
  meter.addBatchObservableCallback(observe, observed);
  return () => meter.removeBatchObservableCallback(observe, observed);
}
