import type { HttpHandler } from 'msw';
import { FailureHandler } from './answer/handler.ts';
import { respond } from './answer/respond.ts';
import { type Journal, JournalBook } from './journal/journal.ts';
import { checkOptions, type FailuresOptions } from './options.ts';
import { checkScenario } from './scenario/check-scenario.ts';
import { Course } from './scenario/course.ts';
import type { Scenario } from './scenario/options.ts';

/** A scenario that runs. */
export interface Failures {
  /** Put it before your own handlers: `setupServer(handler, ...own)`, `worker.use(handler)`. */
  readonly handler: HttpHandler;
  readonly journal: Journal;
  /** Takes the scenario back to its beginning: counts, quota, luck and time, and clears the journal. */
  restart(): void;
}

/**
 * Makes an API fail on purpose: an MSW handler that answers as `scenario` says and passes every other request on to the
 * handlers behind it, and a journal of all requests.
 *
 * The parts of a scenario are asked in this order, and the first with an answer gives it: `outages`, `first`,
 * `firstOfEachCall`, `quota`, `errors`. What got past the quota is delayed by `slow`.
 *
 * @throws {TypeError | RangeError} for a wrong part or option, by its name
 *
 * @example
 * ```ts
 * import { failures } from '@paceline/msw';
 * import { HttpResponse, http } from 'msw';
 * import { setupServer } from 'msw/node';
 *
 * const flaky = failures({ first: [503, 'reset'], quota: { limit: 10, perMs: 1_000 } });
 * const server = setupServer(
 *   flaky.handler,
 *   http.get('https://api.example.com/users', () => HttpResponse.json([])),
 * );
 * server.listen();
 * ```
 */
export function failures(scenario: Scenario, options: FailuresOptions = {}): Failures {
  const rules = checkScenario(scenario);
  const settings = checkOptions(options);
  const journal = new JournalBook();
  let startedAt = settings.clock.now();
  let course = new Course(rules, startedAt);

  const handler = new FailureHandler(rules.method, rules.url, (request) => {
    const now = settings.clock.now();
    const entry = journal.enter(request, settings.callOf(request), now - startedAt);
    const verdict = course.next(entry.call, now);
    return respond({ request, entry, verdict, quota: rules.quota, settings });
  });

  return {
    handler,
    journal,
    restart() {
      startedAt = settings.clock.now();
      course = new Course(rules, startedAt);
      journal.clear();
    },
  };
}
