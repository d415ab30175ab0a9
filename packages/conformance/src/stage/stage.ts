/** The server side of a scenario. */
export interface Stage {
  /** Beginning of its URLs, without a path. */
  readonly origin: string;
  /** Requests in the order of their arrival. */
  readonly received: readonly Received[];
}

/** A request as it came. */
export interface Received {
  /** Name of the call, from the path. */
  readonly call: string;
  /** Time of the engine's clock. */
  readonly at: number;
  readonly method: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether it is left without an answer. */
  readonly isHeld: boolean;
}

/** URL of a call. */
export function urlOf({ origin }: Stage, call: string): string {
  return `${origin}/${call}`;
}

/** When the requests came. */
export function arrivalTimes({ received }: Stage): readonly number[] {
  return received.map(({ at }) => at);
}

/** The call that a path belongs to. */
export function callOf(path: string): string {
  return path.slice(1);
}

/** The body of the n-th request's answer. */
export function bodyOf(request: number): string {
  return `answer ${request}`;
}
