import { createPaceline, type Outcome, type Paceline, type PacelineOptions } from '@paceline/core';
import { onTestFinished } from 'vitest';
import { type Dashboard, type DashboardOptions, serveDashboard } from '../src/serve-dashboard.ts';

export const HOST = 'api.example.com';

/** A dashboard that is closed when the test is over. */
export async function servedFor(pace: Paceline, options: DashboardOptions = {}): Promise<Dashboard> {
  const dashboard = await serveDashboard(pace, options);
  onTestFinished(() => dashboard.close());
  return dashboard;
}

/** An engine that has made a call to `HOST`, and its dashboard, which may tune. */
export async function worldOf(
  options: PacelineOptions = {},
  served: DashboardOptions = {},
): Promise<{ readonly pace: Paceline; readonly dashboard: Dashboard }> {
  const pace = createPaceline(options);
  await answered(pace, `https://${HOST}/v1`);
  return { pace, dashboard: await servedFor(pace, { tune: true, ...served }) };
}

/** A call that is answered at once. */
export function answered(pace: Paceline, url: string, status = 200): Promise<Outcome<string>> {
  return pace.run({
    url,
    method: 'GET',
    replayable: true,
    send: async () => ({ kind: 'answered', status, value: '', header: () => undefined, discard: () => {} }),
  });
}
