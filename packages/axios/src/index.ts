// The interceptor
export { paceAxios } from './pace-axios.ts';
