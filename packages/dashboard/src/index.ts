// The dashboard
export { type Dashboard, type DashboardOptions, serveDashboard } from './serve-dashboard.ts';
