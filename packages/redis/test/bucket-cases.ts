/** A rate as both sides have it. */
const RULE = { tokensPerMs: 0.01, burst: 5 };

interface BucketValue {
  readonly tokens: number;
  readonly at: number;
}

interface RuleValue {
  readonly tokensPerMs: number;
  readonly burst: number;
}

/** One use of one function of the bucket, and what it leaves or says. */
export type BucketCase = { readonly name: string } & (
  | { readonly refill: [before: BucketValue, rule: RuleValue, now: number]; readonly gives: BucketValue }
  | { readonly waitFor: [bucket: BucketValue, rule: RuleValue, cost: number]; readonly gives: number }
  | { readonly giveBack: [before: BucketValue, rule: RuleValue, cost: number]; readonly gives: BucketValue }
  | { readonly carryOver: [before: BucketValue | undefined, rule: RuleValue, now: number]; readonly gives: BucketValue }
);

/** What `bucket.ts` in core and the scripts in Redis have to agree on. */
export const bucketCases: readonly BucketCase[] = [
  { name: 'refills continuously', refill: [{ tokens: 0, at: 0 }, RULE, 25], gives: { tokens: 0.25, at: 25 } },
  { name: 'refills from a fraction', refill: [{ tokens: 1.5, at: 10 }, RULE, 60], gives: { tokens: 2, at: 60 } },
  { name: 'never exceeds its burst', refill: [{ tokens: 4.9, at: 0 }, RULE, 1e9], gives: { tokens: 5, at: 1e9 } },
  { name: 'stands still within a moment', refill: [{ tokens: 2, at: 7 }, RULE, 7], gives: { tokens: 2, at: 7 } },
  { name: 'takes no notice of a time before', refill: [{ tokens: 2, at: 9 }, RULE, 3], gives: { tokens: 2, at: 9 } },
  { name: 'comes up from a debt', refill: [{ tokens: -3, at: 0 }, RULE, 200], gives: { tokens: -1, at: 200 } },
  {
    name: 'refills at the time of day of a server',
    refill: [{ tokens: 0, at: 1_764_000_000_000.125 }, RULE, 1_764_000_000_100.125],
    gives: { tokens: 1, at: 1_764_000_000_100.125 },
  },
  {
    name: 'refills at a third of a token a minute',
    refill: [{ tokens: 0, at: 0 }, { tokensPerMs: 1 / 180_000, burst: 1 }, 60_000],
    gives: { tokens: 60_000 * (1 / 180_000), at: 60_000 },
  },
  {
    name: 'loses what does not fit, where less fits',
    refill: [{ tokens: 5, at: 0 }, { tokensPerMs: 0.01, burst: 3 }, 1],
    gives: { tokens: 3, at: 1 },
  },
  { name: 'waits not at all for what is there', waitFor: [{ tokens: 2, at: 0 }, RULE, 2], gives: 0 },
  { name: 'waits for what is missing', waitFor: [{ tokens: 0.5, at: 0 }, RULE, 1], gives: 50 },
  { name: 'waits for the end of a debt', waitFor: [{ tokens: -2, at: 0 }, RULE, 0], gives: 200 },
  { name: 'takes a rounding for a whole token', waitFor: [{ tokens: 1 - 1e-10, at: 0 }, RULE, 1], gives: 0 },
  {
    name: 'takes nothing else for it',
    waitFor: [{ tokens: 1 - 1e-8, at: 0 }, RULE, 1],
    gives: (1 - (1 - 1e-8)) / 0.01,
  },
  { name: 'takes back', giveBack: [{ tokens: 1, at: 0 }, RULE, 2], gives: { tokens: 3, at: 0 } },
  { name: 'takes back up to its burst', giveBack: [{ tokens: 4, at: 0 }, RULE, 2], gives: { tokens: 5, at: 0 } },
  { name: 'takes back into a debt', giveBack: [{ tokens: -4, at: 0 }, RULE, 2], gives: { tokens: -2, at: 0 } },
  { name: 'begins full', carryOver: [undefined, RULE, 8], gives: { tokens: 5, at: 8 } },
  {
    name: 'wins nothing by a new rate',
    carryOver: [{ tokens: 2, at: 0 }, { tokensPerMs: 1, burst: 9 }, 8],
    gives: { tokens: 2, at: 8 },
  },
  {
    name: 'loses what does not fit a new rate',
    carryOver: [{ tokens: 5, at: 0 }, { tokensPerMs: 1, burst: 3 }, 8],
    gives: { tokens: 3, at: 8 },
  },
];
