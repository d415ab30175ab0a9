import type { Histogram, Meter } from '@opentelemetry/api';
import type { AttemptEvent, OutcomeEvent, RefusedEvent, SettledEvent } from '@paceline/core';
import { errorTypeOf } from '../http/error-type.ts';
import { BOUNDARIES } from './boundaries.ts';
import type { AllSeries, Series } from './series.ts';

/** An attempt on the wire. */
interface Running {
  readonly attempt: number;
  readonly series: Series;
  readonly at: number;
  /** What Paceline refused it with, if it did. */
  code?: string;
}

/** Times every attempt, from its send until its outcome, or until its call ends without waiting for one. */
export class Durations {
  readonly #histogram: Histogram;
  readonly #series: AllSeries;
  /** By number of the call, which has one attempt at a time, or two if it is hedged. */
  readonly #running = new Map<number, Running[]>();

  constructor(meter: Meter, series: AllSeries) {
    this.#series = series;
    this.#histogram = meter.createHistogram('http.client.request.duration', {
      unit: 's',
      description: 'Duration of HTTP client requests.',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  }

  began(event: AttemptEvent): void {
    const { call, attempt, at } = event;
    const running = { attempt, series: this.#series.of(event), at };
    const others = this.#running.get(call);
    if (others === undefined) this.#running.set(call, [running]);
    else others.push(running);
  }

  ended({ call, attempt, kind, status, error, tookMs }: OutcomeEvent): void {
    const series = this.#take(call, attempt)?.series;
    if (series === undefined) return;
    const failure = (): string => (kind === 'cancelled' ? kind : errorTypeOf(error));
    const isAnswer = kind === 'answered' && status !== undefined;
    this.#histogram.record(tookMs / 1_000, isAnswer ? series.answered(status) : series.failed(failure()));
  }

  refused({ call, code }: RefusedEvent): void {
    for (const running of this.#running.get(call) ?? []) running.code = code;
  }

  settled({ call, at, reason }: SettledEvent): void {
    for (const running of this.#running.get(call) ?? []) {
      this.#histogram.record((at - running.at) / 1_000, running.series.failed(running.code ?? reason));
    }
    this.#running.delete(call);
  }

  #take(call: number, attempt: number): Running | undefined {
    const running = this.#running.get(call);
    const index = running?.findIndex((one) => one.attempt === attempt) ?? -1;
    if (running === undefined || index === -1) return undefined;
    if (running.length === 1) this.#running.delete(call);
    return running.splice(index, 1)[0];
  }
}
