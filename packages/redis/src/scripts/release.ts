import { LANE } from './lane.ts';

/** Ends a hold. That it did is remembered for as long as a process may believe in the hold. */
export const RELEASE: string = `${LANE}
local lane = loadLane(KEYS[1], clock())
refillLane(lane)
lane.rememberUntil = math.max(lane.rememberUntil, lane.heldUntil, lane.now + ALIVE_MS)
lane.heldUntil = 0
lane.released = math.max(lane.released + 1, lane.now)
saveLane(lane)
`;
