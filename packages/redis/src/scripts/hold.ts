import { LANE } from './lane.ts';

/** Lets nobody take tokens for a while; never shortens. Argument: milliseconds. */
export const HOLD: string = `${LANE}
local lane = loadLane(KEYS[1], clock())
refillLane(lane)
lane.heldUntil = math.max(lane.heldUntil, lane.now + tonumber(ARGV[1]))
saveLane(lane)
`;
