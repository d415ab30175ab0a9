import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { AdmittedEvent, AttemptEvent, OutcomeEvent, RetryReason, SettledEvent } from '@paceline/core';
import { ByOrigin } from '../http/by-origin.ts';
import { errorTypeOf, isErrorStatus } from '../http/error-type.ts';
import { methodName, OTHER_METHOD } from '../http/method.ts';
import { type Server, serverOf } from '../http/server.ts';

/** What is remembered of a call from its first event until it is over. */
interface CallTrace {
  /** What was active where the call was made: the parent of all its attempts, however late they leave. */
  readonly parent: Context;
  /** Of the coming attempt. */
  waitedMs: number;
  reason: RetryReason | undefined;
  refusal: string | undefined;
  /** Of the attempts under way, by their numbers: one, or two if the call is hedged. */
  readonly spans: Map<number, Span>;
}

/** One span an attempt. */
export class CallSpans {
  readonly #tracer: Tracer;
  readonly #methods: ReadonlySet<string>;
  readonly #servers = new ByOrigin<Server>();
  readonly #calls = new Map<number, CallTrace>();

  constructor(tracer: Tracer, methods: ReadonlySet<string>) {
    this.#tracer = tracer;
    this.#methods = methods;
  }

  queued(call: number): void {
    this.#came(call);
  }

  admitted({ call, waitedMs }: AdmittedEvent): void {
    // One that leaves the queue is told by whoever made room for it, and what is active then is another's.
    const trace = waitedMs === 0 ? this.#came(call) : this.#calls.get(call);
    if (trace !== undefined) trace.waitedMs = waitedMs;
  }

  began(event: AttemptEvent): void {
    const trace = this.#calls.get(event.call);
    if (trace === undefined) return;
    const method = methodName(event.method, this.#methods);
    const server = this.#servers.of(event.url, () => serverOf(event.url, event.host));
    const span = this.#tracer.startSpan(
      method === OTHER_METHOD ? 'HTTP' : method,
      { kind: SpanKind.CLIENT, attributes: attributesOf(event, server, method, trace.reason) },
      trace.parent,
    );
    if (trace.waitedMs > 0) span.addEvent('paceline.admitted', { 'paceline.queue.wait': trace.waitedMs / 1_000 });
    trace.spans.set(event.attempt, span);
  }

  ended({ call, attempt, kind, status, error }: OutcomeEvent): void {
    const spans = this.#calls.get(call)?.spans;
    const span = spans?.get(attempt);
    if (spans === undefined || span === undefined) return;
    spans.delete(attempt);
    if (status !== undefined) span.setAttribute('http.response.status_code', status);
    if (kind === 'cancelled') span.setAttribute('paceline.hedge.lost', true);
    else if (kind === 'failed') fail(span, errorTypeOf(error));
    else if (status !== undefined && isErrorStatus(status)) fail(span, String(status));
    span.end();
  }

  retries(call: number, reason: RetryReason): void {
    const trace = this.#calls.get(call);
    if (trace !== undefined) trace.reason = reason;
  }

  refused(call: number, code: string): void {
    const trace = this.#calls.get(call);
    if (trace !== undefined) trace.refusal = code;
  }

  /** A span that is still open belongs to an attempt whose outcome nobody waits for any more. */
  settled({ call, reason }: SettledEvent): void {
    const trace = this.#calls.get(call);
    this.#calls.delete(call);
    for (const span of trace?.spans.values() ?? []) {
      fail(span, trace?.refusal ?? reason);
      span.end();
    }
  }

  /** Leaves no span open. */
  stop(): void {
    for (const { spans } of this.#calls.values()) for (const span of spans.values()) span.end();
    this.#calls.clear();
  }

  /** A call's first event comes within `pace.run()`, so that what is active then is the caller's. */
  #came(call: number): CallTrace {
    const known = this.#calls.get(call);
    if (known !== undefined) return known;
    const trace = { parent: context.active(), waitedMs: 0, reason: undefined, refusal: undefined, spans: new Map() };
    this.#calls.set(call, trace);
    return trace;
  }
}

function attributesOf(
  event: AttemptEvent,
  { address, port }: Server,
  method: string,
  reason: RetryReason | undefined,
): Attributes {
  const attributes: Attributes = {
    'http.request.method': method,
    'server.address': address,
    'url.full': event.url,
  };
  if (port !== undefined) attributes['server.port'] = port;
  if (method !== event.method) attributes['http.request.method_original'] = event.method;
  if (event.attempt > 1) attributes['http.request.resend_count'] = event.attempt - 1;
  if (event.hedge) attributes['paceline.hedge'] = true;
  if (reason !== undefined) attributes['paceline.retry.reason'] = reason;
  return attributes;
}

function fail(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
