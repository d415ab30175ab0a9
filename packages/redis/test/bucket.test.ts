import { afterAll, describe, expect, test } from 'vitest';
// The arithmetic itself, which is nobody else's business.
import { carryOver, giveBack, refill, waitFor } from '../../core/src/lane/bucket.ts';
import { BUCKET } from '../src/scripts/bucket.ts';
import { type BucketCase, bucketCases } from './bucket-cases.ts';
import { clients } from './clients.ts';
import { anyRedis } from './redis.ts';

function inCore(given: BucketCase): unknown {
  if ('waitFor' in given) return waitFor(...given.waitFor);
  if ('carryOver' in given) return carryOver(...given.carryOver);
  const [before, rule, argument] = 'refill' in given ? given.refill : given.giveBack;
  const bucket = { ...before };
  if ('refill' in given) refill(bucket, rule, argument);
  else giveBack(bucket, rule, argument);
  return bucket;
}

describe('a bucket in core', () => {
  test.each(bucketCases)('$name', (given) => {
    expect(inCore(given)).toEqual(given.gives);
  });
});

const redis = await anyRedis();
const connection = redis && (await clients['ioredis 6']?.(redis.url));
afterAll(async () => {
  connection?.close();
  await redis?.stop();
});

/** Calls one of the script's functions with values from JSON, and tells what it returned or what became of the bucket. */
const HARNESS = `${BUCKET}
local given = cjson.decode(ARGV[1])
local bucket, rule, argument = given[2], given[3], given[4]
if bucket == cjson.null then bucket = nil end
local result
if given[1] == 'refill' then refill(bucket, rule, argument) end
if given[1] == 'giveBack' then giveBack(bucket, rule, argument) end
if given[1] == 'waitFor' then result = waitFor(bucket, rule, argument) end
if given[1] == 'carryOver' then bucket = carryOver(bucket, rule, argument) end
if result then return string.format('%.17g', result) end
return { string.format('%.17g', bucket.tokens), string.format('%.17g', bucket.at) }
`;

async function inRedis({ name, gives, ...use }: BucketCase): Promise<unknown> {
  const [[operation, args] = []] = Object.entries(use);
  const [bucket, rule, argument] = args as unknown[];
  const given = JSON.stringify([operation, bucket ?? null, rule, argument]);
  const result = await connection?.command('EVAL', HARNESS, '0', given);
  if (!Array.isArray(result)) return Number(result);
  const [tokens, at] = result.map(Number);
  return { tokens, at };
}

describe.skipIf(connection === undefined)('a bucket in Redis', () => {
  test.each(bucketCases)('$name', async (given) => {
    expect(await inRedis(given)).toEqual(given.gives);
  });
});
