/** In seconds, as the HTTP conventions of OpenTelemetry advise for `http.client.request.duration`. */
export const BOUNDARIES: number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The same, and on to the longest wait that a policy allows unless told otherwise. */
export const WAIT_BOUNDARIES: number[] = [...BOUNDARIES, 30, 60];
