/** What the server is like for a while, until `untilMs` after the start. Phases follow each other in the script's order. */
export type Phase =
  /** Serves as fast as it can. */
  | { readonly kind: 'healthy'; readonly untilMs: number }
  /** Takes requests and answers none; when it is restarted, at the end of the phase, all their connections are reset. */
  | { readonly kind: 'frozen'; readonly untilMs: number }
  /** Restarting: a proxy answers 503 in its place. */
  | { readonly kind: 'unavailable'; readonly untilMs: number; readonly retryAfterSeconds: number }
  /** Back, but slower: `share` of its full speed, above 0 and up to 1. */
  | { readonly kind: 'recovering'; readonly untilMs: number; readonly share: number };

/** The phase at a time since the start; healthy once the script is over. */
export function phaseAt(script: readonly Phase[], elapsedMs: number): Phase {
  return script.find((phase) => elapsedMs < phase.untilMs) ?? { kind: 'healthy', untilMs: Number.POSITIVE_INFINITY };
}
