import { createPaceline } from '@paceline/core';
import { type Answer, printSeen, serve } from '@paceline/example-support';
import { paceFetch } from '@paceline/fetch';
import { Octokit } from 'octokit';

// GitHub's two ways to say no: a quota that is used up until its reset, and requests that come too fast.
const github = await serve((request, number): Answer => {
  const inASecond = String(Math.floor(Date.now() / 1000) + 1);
  const usedUp = { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': inASecond };
  if (number === 1) return { status: 403, headers: usedUp, body: { message: 'API rate limit exceeded' } };
  if (number === 5) return { status: 429, headers: { 'Retry-After': '1' }, body: { message: 'Too fast' } };
  return { body: { title: `Issue at ${request.url}` } };
});

const pace = createPaceline({
  hosts: {
    [github.host]: {
      // GitHub asks for one request after the other.
      concurrency: 1,
      // A 403 is not tried again by itself; one that means a used-up quota should be.
      retry: { when: ({ status, header }) => (status === 403 && header('x-ratelimit-remaining') === '0') || undefined },
    },
  },
});

const octokit = new Octokit({
  baseUrl: github.url,
  request: { fetch: paceFetch(pace) },
  // These plugins would queue and retry once more. `@octokit/core` comes without them.
  retry: { enabled: false },
  throttle: { enabled: false },
});

const repo = { owner: 'paceline', repo: 'paceline' };
const issues = await Promise.all([1, 2, 3].map((number) => octokit.rest.issues.get({ ...repo, issue_number: number })));
const comment = await octokit.rest.issues.createComment({ ...repo, issue_number: 3, body: 'Thanks!' });

printSeen(github);
console.log(`Octokit got ${[...issues, comment].map((response) => response.status).join(', ')}`);

github.close();
