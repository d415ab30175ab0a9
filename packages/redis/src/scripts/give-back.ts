import { LANE } from './lane.ts';

/** Takes back what a process will not spend. Arguments: its name, tokens, what it keeps, `1` if it will not ask again. */
export const GIVE_BACK: string = `${LANE}
if redis.call('EXISTS', KEYS[1]) == 0 then return end
local name = 'h:' .. ARGV[1]
local lane = loadLane(KEYS[1], clock())
refillLane(lane)
local holder = lane.holders[name]
if holder then holder.kept, holder.isChanged = tonumber(ARGV[3]), true end
if ARGV[4] == '1' then
  lane.holders[name] = nil
  redis.call('HDEL', KEYS[1], name)
end
returnTo(lane, tonumber(ARGV[2]))
saveLane(lane)
`;
