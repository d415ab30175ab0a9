import type { PaceEvent, Paceline } from '@paceline/core';
import type { Whereabouts } from '../scenario.ts';

type CallEvent = Extract<PaceEvent, { call: number }>;

/** What an engine told of its calls, by their names. */
export class EventLog {
  readonly #events: PaceEvent[] = [];
  readonly #names: readonly string[];

  /** @param names of the calls, in the order in which the engine gets them; may grow. */
  constructor(pace: Paceline, names: readonly string[]) {
    this.#names = names;
    pace.subscribe((event) => this.#events.push(event));
  }

  /** Whether the engine has it, or had. */
  knows(call: string): boolean {
    return this.#eventsOf(call).length > 0;
  }

  /** Where the engine last saw it. Undefined where the engine does not know the call, and between two steps of it. */
  phaseOf(call: string): Whereabouts | undefined {
    switch (this.#eventsOf(call).at(-1)?.type) {
      case 'queued':
        return 'queue';
      case 'retry':
        return 'backoff';
      case 'attempt':
        return 'flight';
      case 'settled':
      case 'fallback':
        return 'over';
      default:
        return undefined;
    }
  }

  attemptsOf(call: string): number {
    return this.#eventsOf(call).filter(({ type }) => type === 'attempt').length;
  }

  /** When each attempt began, of whatever call. */
  attemptTimes(): readonly number[] {
    return this.#events.flatMap((event) => (event.type === 'attempt' ? [event.at] : []));
  }

  /** Why a call ended. */
  reasonOf(call: string): string | undefined {
    const end = this.#eventsOf(call).find(({ type }) => type === 'settled');
    return end?.type === 'settled' ? end.reason : undefined;
  }

  /** Every call's events in a line of words, and under `host` those of no call. */
  lines(): Record<string, string> {
    const lines: Record<string, string> = {};
    for (const event of this.#events) {
      const name = 'call' in event ? this.#nameOf(event) : 'host';
      const [line, word] = [lines[name] ?? '', wordOf(event)];
      // How often the limits change until something else happens depends on the time that attempts take.
      if (word === 'paced' && line.endsWith(word)) continue;
      lines[name] = line === '' ? word : `${line} ${word}`;
    }
    return Object.fromEntries(
      Object.entries(lines).map(([name, line]) => [name, line.replaceAll('admitted attempt', 'sent')]),
    );
  }

  #eventsOf(call: string): CallEvent[] {
    return this.#events.filter((event): event is CallEvent => 'call' in event && this.#nameOf(event) === call);
  }

  #nameOf({ call }: CallEvent): string {
    return this.#names[call - 1] ?? `call ${call}`;
  }
}

function wordOf(event: PaceEvent): string {
  switch (event.type) {
    case 'outcome':
      return String(event.status ?? event.kind);
    case 'retry':
    case 'settled':
    case 'fallback':
      return `${event.type}(${event.reason})`;
    case 'held':
      return `held(${event.source})`;
    case 'breaker':
      return `breaker(${event.state})`;
    case 'refused':
      return `refused(${event.code})`;
    default:
      return event.type;
  }
}
