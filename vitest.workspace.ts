import { existsSync, readdirSync } from 'node:fs';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `@paceline/source` first: siblings resolve to each other's sources, so tests need no build. */
const resolve = { conditions: ['@paceline/source', 'module', 'node', 'development|production'] };

/** Every package and example that has sources. */
const roots = ['packages', 'examples']
  .flatMap((group) => readdirSync(new URL(group, import.meta.url)).map((name) => `${group}/${name}`))
  .filter((root) => existsSync(new URL(`${root}/src`, import.meta.url)));

const config: ViteUserConfig = defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    // For a hung test only: most take milliseconds, but on a busy machine any can lose seconds.
    testTimeout: 30_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
    projects: roots.map((root) => ({
      extends: true,
      root,
      test: { name: root.replace('packages/', ''), include: ['{src,test}/**/*.test.ts'] },
    })),
  },
});

export default config;
