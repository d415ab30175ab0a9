import { type Answer, type LocalServer, serve } from '@paceline/example-support';

/** A server with GitHub's quota, its hour made one second long: 60 requests in each, whoever sends them. */
export interface GithubLike extends LocalServer {
  /** Somebody else uses the same token for all but one of the requests that are left. */
  spendElsewhere(): void;
}

const LIMIT = 60;

export async function serveGithubLike(): Promise<GithubLike> {
  let resetsAt = 0;
  let used = 0;

  const startWindow = (): void => {
    const second = Math.floor(Date.now() / 1000);
    if (second < resetsAt) return;
    resetsAt = second + 1;
    used = 0;
  };

  const server = await serve((request): Answer => {
    startWindow();
    used += 1;
    const headers = {
      'X-RateLimit-Limit': String(LIMIT),
      'X-RateLimit-Remaining': String(Math.max(0, LIMIT - used)),
      'X-RateLimit-Reset': String(resetsAt),
    };
    if (used > LIMIT) return { status: 403, headers, body: { message: 'API rate limit exceeded' } };
    return { headers, body: { path: request.url } };
  });

  return {
    ...server,
    spendElsewhere() {
      startWindow();
      used = LIMIT - 1;
    },
  };
}
