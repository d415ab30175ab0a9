import type { Paceline } from './engine.ts';

/** What a wrapped send function was made of. */
export interface Attachment<F> {
  readonly pace: Paceline;
  /** The function under the wrapper. */
  readonly inner: F;
}

const ATTACHED = Symbol.for('@paceline/attached');

/** Marks `wrapper` as paced, so that whoever wraps it next sees it, also from another copy of the package. */
export function attach<F extends object>(wrapper: F, attachment: Attachment<F>): F {
  Object.defineProperty(wrapper, ATTACHED, { value: attachment });
  return wrapper;
}

/** What `send` was made of, if it is a wrapper of Paceline's. */
export function attachmentOf<F extends object>(send: F): Attachment<F> | undefined {
  return (send as { [ATTACHED]?: Attachment<F> })[ATTACHED];
}

const WARNED = Symbol.for('@paceline/warned');

/** Says something about the set-up on the console, once a process, whatever copy of the package says it. */
export function warnOnce(message: string): void {
  const home = globalThis as { [WARNED]?: Set<string> };
  home[WARNED] ??= new Set();
  const warned = home[WARNED];
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(`paceline: ${message}`);
}
