import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import type { Paceline } from '@paceline/core';
import { KNOWN_METHODS } from './http/method.ts';
import { installOnce } from './installed.ts';
import { watchMetrics } from './metrics/watch-metrics.ts';
import { watchSpans } from './spans/watch-spans.ts';

/** Where telemetry goes, and how far it tells things apart. */
export interface InstrumentOptions {
  /** Where metrics go; `false` makes none. @default the global provider, which has to be set by then */
  readonly meterProvider?: MeterProvider | false;
  /** Where spans go; `false` makes none, say because the client underneath is traced already. @default the global provider */
  readonly tracerProvider?: TracerProvider | false;
  /** How many hosts metrics tell apart; those that come later are added up as `other`. @default 100 */
  readonly maxHosts?: number;
  /**
   * Methods that are reported by name, in place of the usual ones; any other is `_OTHER`.
   *
   * @default CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY, TRACE
   */
  readonly knownMethods?: readonly string[];
}

/** Name of the meter and the tracer. */
const SCOPE = '@paceline/otel';

/**
 * Reports an engine to OpenTelemetry: metrics of every attempt and of every host's line, and one span an attempt, under
 * the span that was active where the call was made.
 *
 * Returns what ends it. A second time for the same engine and provider counts nothing twice and follows the options of
 * the first; reporting goes on until both have ended it.
 *
 * @throws TypeError, RangeError for a wrong option; then nothing is installed.
 *
 * @example
 * ```ts
 * import { createPaceline } from '@paceline/core';
 * import { instrument } from '@paceline/otel';
 *
 * const pace = createPaceline();
 * const uninstrument = instrument(pace, { maxHosts: 20 });
 * ```
 */
export function instrument(pace: Paceline, options: InstrumentOptions = {}): () => void {
  const { meterProvider = metrics.getMeterProvider(), tracerProvider = trace.getTracerProvider() } = options;
  const { maxHosts = 100, knownMethods = KNOWN_METHODS } = options;
  if (!(Number.isInteger(maxHosts) && maxHosts >= 0)) {
    throw new RangeError(`maxHosts: expected a whole number from 0, got ${String(maxHosts)}`);
  }
  const methods = new Set(knownMethods);
  // Whatever a wrong provider throws, it throws before anything is installed.
  const installs: (() => () => void)[] = [];
  if (meterProvider !== false) {
    const meter = meterProvider.getMeter(SCOPE);
    const start = (): (() => void) => watchMetrics(pace, meter, { maxHosts, methods });
    installs.push(() => installOnce(pace, 'metrics', meterProvider, start));
  }
  if (tracerProvider !== false) {
    const tracer = tracerProvider.getTracer(SCOPE);
    installs.push(() => installOnce(pace, 'spans', tracerProvider, () => watchSpans(pace, tracer, methods)));
  }
  const ends = installs.map((install) => install());
  return () => {
    for (const end of ends) end();
  };
}
