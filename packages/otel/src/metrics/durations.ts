import type { Histogram, Meter } from '@opentelemetry/api';
import type { AttemptEvent, OutcomeEvent, RefusedEvent, SettledEvent } from '@paceline/core';
import { errorTypeOf } from '../http/error-type.ts';
import { BOUNDARIES } from './boundaries.ts';
import type { AllSeries, Series } from './series.ts';

/** An attempt on the wire. */
interface Running {
  readonly series: Series;
  readonly at: number;
  /** What Paceline refused it with, if it did. */
  code?: string;
}

/** Times every attempt, from its send until its outcome, or until its call ends without waiting for one. */
export class Durations {
  readonly #histogram: Histogram;
  readonly #series: AllSeries;
  /** By number of the call, which has one attempt at a time. */
  readonly #running = new Map<number, Running>();

  constructor(meter: Meter, series: AllSeries) {
    this.#series = series;
    this.#histogram = meter.createHistogram('http.client.request.duration', {
      unit: 's',
      description: 'Duration of HTTP client requests.',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  }

  began(event: AttemptEvent): void {
    this.#running.set(event.call, { series: this.#series.of(event), at: event.at });
  }

  ended({ call, kind, status, error, tookMs }: OutcomeEvent): void {
    const running = this.#take(call);
    if (running === undefined) return;
    const { series } = running;
    const isAnswer = kind === 'answered' && status !== undefined;
    this.#histogram.record(tookMs / 1_000, isAnswer ? series.answered(status) : series.failed(errorTypeOf(error)));
  }

  refused({ call, code }: RefusedEvent): void {
    const running = this.#running.get(call);
    if (running !== undefined) running.code = code;
  }

  settled({ call, at, reason }: SettledEvent): void {
    const running = this.#take(call);
    if (running === undefined) return;
    this.#histogram.record((at - running.at) / 1_000, running.series.failed(running.code ?? reason));
  }

  #take(call: number): Running | undefined {
    const running = this.#running.get(call);
    this.#running.delete(call);
    return running;
  }
}
