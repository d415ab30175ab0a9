import type { Paceline } from '@paceline/core';

interface Installation {
  readonly stop: () => void;
  /** How many asked for it and have not ended it. */
  users: number;
}

/**
 * Starts one signal of `pace` for one provider, unless it is started already, also by another copy of the package: whoever
 * comes second only joins. It stops when the last of them has ended it, and leaves nothing on the engine.
 */
export function installOnce(
  pace: Paceline,
  signal: 'metrics' | 'spans',
  provider: object,
  start: () => () => void,
): () => void {
  const key = Symbol.for(`@paceline/otel/${signal}`);
  const home = pace as { [key]?: Map<object, Installation> };
  const installed = home[key] ?? new Map<object, Installation>();
  const installation = installed.get(provider) ?? { stop: start(), users: 0 };
  installed.set(provider, installation);
  installation.users += 1;
  home[key] = installed;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    installation.users -= 1;
    if (installation.users > 0) return;
    installed.delete(provider);
    if (installed.size === 0) delete home[key];
    installation.stop();
  };
}
