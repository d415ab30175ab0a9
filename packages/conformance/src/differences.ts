/** Something that every client does its own way. */
interface Difference {
  readonly what: string;
  readonly why: string;
}

export type DifferenceName =
  | 'options'
  | 'place'
  | 'attemptEnds'
  | 'badStatus'
  | 'networkFailure'
  | 'attemptTimeout'
  | 'refusal'
  | 'abort'
  | 'ownTimeout'
  | 'oneShot';

/** What is not the same in every client; `Client.words` says how it is in each. Without scenarios that end differently. */
export const DIFFERENCES: Readonly<Record<DifferenceName, Difference>> = {
  options: {
    what: 'Options of one call',
    why: 'ky hands options that it does not know on to fetch; `context` is its place for data of the user.',
  },
  place: {
    what: 'A call takes its place in line',
    why: 'axios and ky run their interceptors and hooks before they send.',
  },
  attemptEnds: {
    what: 'An attempt is over, and its slot is free',
    why: 'fetch and ky hand the response over before its body has come; axios reads the body itself.',
  },
  badStatus: {
    what: 'The last response has a bad status',
    why: 'Results are those of the client.',
  },
  networkFailure: {
    what: 'The connection failed for good',
    why: 'Errors are those of the client.',
  },
  attemptTimeout: {
    what: 'The last attempt ran into `attemptMs`',
    why: 'Users of axios ask `isAxiosError` first; those of ky know the end of a time as a `TimeoutError`.',
  },
  refusal: {
    what: 'Paceline itself ended the call',
    why: 'Users of axios ask `isAxiosError` first and read `code`.',
  },
  abort: {
    what: 'The caller aborted',
    why: 'Users of axios ask `isCancel`.',
  },
  ownTimeout: {
    what: "The client's own time limit",
    why: 'Time in the queue is not time of the server.',
  },
  oneShot: {
    what: 'Bodies that are sent once',
    why: 'A used-up stream would go out again, empty.',
  },
};
