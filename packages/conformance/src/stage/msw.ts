import { type Clock, type Failure, failures, type JournalEntry } from '@paceline/msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Scenario, Step } from '../scenario.ts';
import { bodyOf, callOf, type Received, type Stage } from './stage.ts';

/** Puts MSW under all clients, for the tests of the current `describe`; a scenario each. */
export function mswStages(): (steps: Scenario['server'], clock: Clock) => Stage {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return (steps, clock) => {
    if (steps === 'nobody') throw new Error('nobody: MSW answers at every address');
    const first = steps.map((step, index) => failureOf(step, index + 1));
    const callBy = ({ url }: Request): string => callOf(new URL(url).pathname);
    const { handler, journal } = failures({ first }, { clock, callBy, recordBodies: true });
    server.use(handler);
    return {
      origin: 'http://api.test',
      get received() {
        return journal.entries.map(receivedOf);
      },
    };
  };
}

function failureOf(step: Step, request: number): Failure {
  if (step === 'hang' || step === 'reset') return step;
  if (step === 'reset in the headers') throw new Error(`${step}: there are no halves of headers in MSW`);
  const { status, headers = {}, isCut } = typeof step === 'number' ? { status: step } : step;
  return { status, headers, body: bodyOf(request), ...(isCut && { cutAfter: 3 }) };
}

function receivedOf({ call, at, method, headers, body = '', answer, aborted }: JournalEntry): Received {
  const isHeld = answer === 'hang' && !aborted;
  return { call, at, method, headers: Object.fromEntries(headers), body, isHeld };
}
