import { awsSdkStandard } from '../reference/aws-sdk-standard.ts';
import { breaker } from '../reference/breaker.ts';
import { axiosRetry, ky } from '../reference/client-retries.ts';
import { grpcThrottle } from '../reference/grpc-throttle.ts';
import { sreThrottle } from '../reference/sre-throttle.ts';
import { ladder } from './paceline.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy that the lab knows, Paceline's own ladder first. */
export const standardStrategies: readonly Strategy[] = [
  ...ladder,
  axiosRetry,
  ky,
  awsSdkStandard,
  grpcThrottle,
  sreThrottle,
  breaker,
];
