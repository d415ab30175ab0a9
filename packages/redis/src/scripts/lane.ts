import { BUCKET } from './bucket.ts';

/** A process that was not heard of for so long does not count any more. */
const ALIVE_MS = 10_000;

/**
 * A lane as a hash, in Lua. Fields: `at` (when the levels held), `rates` and `levels` (one entry a rate), `heldUntil`,
 * `released` (time of the last release), `rememberUntil` (the end of the hold that it ended) and, for each process,
 * `h:` and its name: spare tokens that it keeps, until when, how many it asked for, and when.
 *
 * All times are the server's own, in milliseconds. Where its clock was set back, or a replica with a clock behind has
 * taken over, all of them move back as far: no wait gets longer. A clock that jumps ahead is worth one burst at most.
 */
export const LANE: string = `${BUCKET}
local ALIVE_MS = ${ALIVE_MS}

local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
end

local function exact(number)
  return string.format('%.17g', number)
end

local function numbers(text)
  local list = {}
  for word in string.gmatch(text or '', '%S+') do list[#list + 1] = tonumber(word) end
  return list
end

local function joined(list)
  local words = {}
  for index, number in ipairs(list) do words[index] = exact(number) end
  return table.concat(words, ' ')
end

-- Each rate as two numbers in a row.
local function ratesFrom(list)
  local rates = {}
  for index = 1, #list - 1, 2 do
    rates[#rates + 1] = { tokensPerMs = list[index], burst = list[index + 1] }
  end
  return rates
end

local function loadLane(key, now)
  local fields, holders = {}, {}
  local raw = redis.call('HGETALL', key)
  for index = 1, #raw, 2 do fields[raw[index]] = raw[index + 1] end
  local backMs = math.max(0, tonumber(fields.at or now) - now)
  local at = tonumber(fields.at or now) - backMs
  for name, text in pairs(fields) do
    if string.sub(name, 1, 2) == 'h:' then
      local kept, keptUntil, wanted, askedAt = unpack(numbers(text))
      keptUntil, askedAt = keptUntil - backMs, askedAt - backMs
      if keptUntil <= now then kept = 0 end
      holders[name] = {
        kept = kept, keptUntil = keptUntil, wanted = wanted, askedAt = askedAt, isChanged = backMs > 0,
      }
      if askedAt + ALIVE_MS <= now and kept == 0 then
        holders[name] = nil
        redis.call('HDEL', key, name)
      end
    end
  end
  local lane = {
    key = key,
    now = now,
    rates = ratesFrom(numbers(fields.rates)),
    buckets = {},
    holders = holders,
    heldUntil = tonumber(fields.heldUntil or 0) - backMs,
    released = tonumber(fields.released or 0),
    rememberUntil = tonumber(fields.rememberUntil or 0) - backMs,
  }
  for index, level in ipairs(numbers(fields.levels)) do lane.buckets[index] = { tokens = level, at = at } end
  return lane
end

-- What is kept somewhere counts as if it were in the buckets: together they never exceed the burst.
local function roomIn(lane, rate)
  local burst = rate.burst
  for _, holder in pairs(lane.holders) do burst = burst - holder.kept end
  return { tokensPerMs = rate.tokensPerMs, burst = burst }
end

local function refillLane(lane)
  for index, bucket in ipairs(lane.buckets) do refill(bucket, roomIn(lane, lane.rates[index]), lane.now) end
end

local function returnTo(lane, tokens)
  for index, bucket in ipairs(lane.buckets) do giveBack(bucket, roomIn(lane, lane.rates[index]), tokens) end
end

local function promisedMs(lane)
  local ms = 0
  for index, bucket in ipairs(lane.buckets) do ms = math.max(ms, waitFor(bucket, lane.rates[index], 0)) end
  return ms
end

-- The key expires when it says nothing any more: buckets full, nothing held or kept, nobody alive.
local function saveLane(lane)
  local now = lane.now
  local untilMs = math.max(now + 1, lane.heldUntil, lane.rememberUntil)
  local rates, levels = {}, {}
  for index, bucket in ipairs(lane.buckets) do
    local rate = lane.rates[index]
    rates[#rates + 1], rates[#rates + 2] = rate.tokensPerMs, rate.burst
    levels[index] = bucket.tokens
    untilMs = math.max(untilMs, now + waitFor(bucket, rate, rate.burst))
  end
  for name, holder in pairs(lane.holders) do
    untilMs = math.max(untilMs, holder.keptUntil, holder.askedAt + ALIVE_MS)
    if holder.isChanged then
      redis.call('HSET', lane.key, name, joined({ holder.kept, holder.keptUntil, holder.wanted, holder.askedAt }))
    end
  end
  redis.call('HSET', lane.key, 'at', exact(now), 'rates', joined(rates), 'levels', joined(levels),
    'heldUntil', exact(lane.heldUntil), 'released', exact(lane.released), 'rememberUntil', exact(lane.rememberUntil))
  redis.call('PEXPIRE', lane.key, string.format('%.0f', math.ceil(untilMs - now)))
end
`;
