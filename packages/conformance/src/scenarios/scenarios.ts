import type { Scenario } from '../scenario.ts';
import { ABORTS } from './aborts.ts';
import { ANSWERS } from './answers.ts';
import { BODIES } from './bodies.ts';
import { CLOSING } from './closing.ts';
import { CONNECTIONS } from './connections.ts';
import { HEDGES } from './hedges.ts';
import { HINTS } from './hints.ts';
import { OVERLOAD } from './overload.ts';
import { QUEUE } from './queue.ts';
import { TIMEOUTS } from './timeouts.ts';

/** All that the clients have to do alike. */
export const SCENARIOS: readonly Scenario[] = [
  ...ANSWERS,
  ...HINTS,
  ...CONNECTIONS,
  ...TIMEOUTS,
  ...ABORTS,
  ...BODIES,
  ...QUEUE,
  ...HEDGES,
  ...OVERLOAD,
  ...CLOSING,
];
