/**
 * The arithmetic of a token bucket, in Lua: the same as in core's `bucket.ts`. One table of cases tests both
 * (`test/bucket.test.ts`).
 */
export const BUCKET: string = `
local ROUNDING = 1e-9

local function refill(bucket, rule, now)
  local elapsedMs = now - bucket.at
  if elapsedMs <= 0 then return end
  bucket.tokens = math.min(rule.burst, bucket.tokens + elapsedMs * rule.tokensPerMs)
  bucket.at = now
end

local function waitFor(bucket, rule, cost)
  local missing = cost - bucket.tokens
  if missing <= ROUNDING then return 0 end
  return missing / rule.tokensPerMs
end

local function giveBack(bucket, rule, cost)
  bucket.tokens = math.min(rule.burst, bucket.tokens + cost)
end

local function carryOver(before, rule, now)
  if before == nil then return { tokens = rule.burst, at = now } end
  return { tokens = math.min(rule.burst, before.tokens), at = now }
end
`;
