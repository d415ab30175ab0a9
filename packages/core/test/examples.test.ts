import { expect, test } from 'vitest';
import { allExamples, compile, examplesOf } from './examples.ts';

/** Wrong on purpose, so that a check which checks nothing would fail. */
const WRONG = `# A page

\`\`\`ts
import { createPaceline } from '@paceline/core';

const pace = createPaceline({ maxLanes: 'many' });
\`\`\`

It goes on:

\`\`\`ts
pace.hold('api.example.com', 1_000);
pace.holds('api.example.com');
\`\`\`

/**
 * \`\`\`ts
 * import { paceFetch } from '@paceline/fetch';
 *
 * paceFetch(7);
 * \`\`\`
 */
`;

test('every example of the docstrings and pages compiles', async () => {
  const examples = allExamples();
  expect(examples.length).toBeGreaterThan(10);
  const wrong = examplesOf('wrong.md', WRONG);
  expect(wrong.map(({ line }) => line)).toEqual([4, 12, 18]);

  const complaints = await compile([...examples, ...wrong]);
  expect(complaints.filter(({ page }) => page !== 'wrong.md')).toEqual([]);
  expect(complaints.map(({ page, line }) => `${page}:${line}`)).toEqual(['wrong.md:6', 'wrong.md:13', 'wrong.md:20']);
}, 60_000);
