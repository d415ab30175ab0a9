import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const textOf = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
const blank = (source: string): string => source.replaceAll(/\s+/g, ' ');

test.each(['../README.md', '../../../docs/failure-kit.md'])('every example of %s is one that runs', async (path) => {
  const sources = await Promise.all(['./examples.test.ts', './worker-example.test-d.ts'].map(textOf));
  const tested = blank(sources.join('\n'));
  const examples = [...(await textOf(path)).matchAll(/```ts\n(.*?)```/gs)].map(([, example = '']) => blank(example));
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(tested).toContain(example);
});
