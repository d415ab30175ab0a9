import type { Tracer } from '@opentelemetry/api';
import type { Paceline } from '@paceline/core';
import { CallSpans } from './call-spans.ts';

/** Turns what the engine tells into spans; returns what ends it. */
export function watchSpans(pace: Paceline, tracer: Tracer, methods: ReadonlySet<string>): () => void {
  const spans = new CallSpans(tracer, methods);
  const stopListening = pace.subscribe(
    (event) => {
      switch (event.type) {
        case 'queued':
          return spans.queued(event.call);
        case 'admitted':
          return spans.admitted(event);
        case 'attempt':
          return spans.began(event);
        case 'outcome':
          return spans.ended(event);
        case 'retry':
          return spans.retries(event.call, event.reason);
        case 'refused':
          return spans.refused(event.call, event.code);
        case 'settled':
          return spans.settled(event);
      }
    },
    ['queued', 'admitted', 'attempt', 'outcome', 'retry', 'refused', 'settled'],
  );
  return () => {
    stopListening();
    spans.stop();
  };
}
