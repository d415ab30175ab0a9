// The dashboard
export { type Dashboard, type DashboardOptions, serveDashboard } from './serve-dashboard.ts';

// The terminal
export { type WatchOptions, watch } from './watch/watch.ts';
export { type WatchUrlOptions, watchUrl } from './watch/watch-url.ts';
export type { WatchOutput } from './watch/output.ts';
