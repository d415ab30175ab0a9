import type { StoreGrant } from '@paceline/core';

/** @throws TypeError for anything but what the script answers. */
export function grantFrom(reply: unknown): StoreGrant {
  if (!Array.isArray(reply)) throw new TypeError('paceline: the server answered with no list');
  const [tokens, processes, holdMs, released, ...levels] = reply.map(Number);
  if (tokens === undefined || processes === undefined || holdMs === undefined || released === undefined) {
    throw new TypeError('paceline: the server answered with too short a list');
  }
  return { tokens, levels, processes, holdMs, released };
}
