import { LANE } from './lane.ts';

/**
 * Settles what a process had, grants it tokens, and tells it how the lane stands. Arguments: see `takeArguments`. It decides as `memoryStore` of `@paceline/core/testing` does; a test plays the same asks to both.
 */
export const TAKE: string = `${LANE}
local name = 'h:' .. ARGV[1]
local leaseMs, horizonMs = tonumber(ARGV[2]), tonumber(ARGV[3])
local least, waiting, spare = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local kept, returned = tonumber(ARGV[7]), tonumber(ARGV[8])
local rates, levels, isOverdrawn = ratesFrom(numbers(ARGV[9])), numbers(ARGV[10]), ARGV[11] == '1'

-- Its share of what is there and of what will be within the horizon is an equal one, or all that the others do not want.
-- Beyond that it gets only what its first call needs.
local function grantable(lane)
  local level, ahead = math.huge, math.huge
  for index, bucket in ipairs(lane.buckets) do
    local there = math.max(0, bucket.tokens)
    level = math.min(level, there)
    ahead = math.min(ahead, there + lane.rates[index].tokensPerMs * horizonMs)
  end
  local askers, wantedByOthers = 0, -waiting - spare
  for _, holder in pairs(lane.holders) do
    if holder.askedAt > lane.now - leaseMs then
      askers = askers + 1
      wantedByOthers = wantedByOthers + holder.wanted
    end
  end
  local share = math.max(ahead / askers, ahead - wantedByOthers)
  local turns = math.min(waiting, math.max(least, share))
  local more = math.max(0, math.min(spare, (level - turns) / 2, share - turns))
  return least + math.floor(turns + more - least)
end

local now = clock()
local lane = loadLane(KEYS[1], now)
refillLane(lane)

-- A lane that is new, or was lost, begins with what the asking process last saw.
local before = lane.buckets
if #before == 0 then
  for index, level in ipairs(levels) do before[index] = { tokens = level, at = now } end
end
lane.rates, lane.buckets = rates, {}
for index, rate in ipairs(rates) do lane.buckets[index] = carryOver(before[index], rate, now) end

local holder = { kept = kept, keptUntil = now, wanted = waiting + spare, askedAt = now, isChanged = true }
lane.holders[name] = holder
if isOverdrawn then
  for index, bucket in ipairs(lane.buckets) do bucket.tokens = math.min(bucket.tokens, levels[index] or math.huge) end
end
returnTo(lane, returned)

local answer = { 0, 0, exact(math.max(0, lane.heldUntil - now)), exact(lane.released) }
for _, bucket in ipairs(lane.buckets) do answer[#answer + 1] = exact(bucket.tokens) end
local tokens = 0
if lane.heldUntil <= now and #rates > 0 then tokens = grantable(lane) end
for _, bucket in ipairs(lane.buckets) do bucket.tokens = bucket.tokens - tokens end
holder.kept = holder.kept + math.max(0, tokens - waiting)
holder.keptUntil = now + 2 * leaseMs + promisedMs(lane)
saveLane(lane)

local processes = 0
for _ in pairs(lane.holders) do processes = processes + 1 end
answer[1], answer[2] = exact(tokens), exact(processes)
return answer
`;
