import type { Scenario } from './scenario.ts';
import { endToEnd } from './scenarios/end-to-end.ts';
import { fastPath } from './scenarios/fast-path.ts';
import { fleet } from './scenarios/fleet.ts';
import { hosts } from './scenarios/hosts.ts';
import { queue } from './scenarios/queue.ts';
import { rate } from './scenarios/rate.ts';
import { size } from './scenarios/size.ts';
import { telemetry } from './scenarios/telemetry.ts';
import { timeouts } from './scenarios/timeouts.ts';

/** All of them, in the order of the page. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'fast-path': fastPath,
  timeouts,
  telemetry,
  queue,
  rate,
  hosts,
  'end-to-end': endToEnd,
  fleet,
  size,
};
