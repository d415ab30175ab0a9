export { paceKy } from './pace-ky.ts';
