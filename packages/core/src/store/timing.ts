/** How long granted tokens may be kept. What other processes did to the hold is known by then, too. */
export const LEASE_MS = 1_000;

/** A lease is renewed, or goes back, at this age. */
export const RENEW_MS = 750;

/** How much of the expected demand a lane keeps at hand, and how far ahead its waiting calls are promised tokens. */
export const HORIZON_MS = 250;

/** A store that does not answer is asked again this often, as long as the lane is used. */
export const PROBE_MS = 500;

/** An answer that did not come by then is not waited for any more; a lane that was not used for so long asks no more. */
export const LOST_MS = 10_000;
