// Pages in a browser
export { type BrowserPage, runInPage } from './browser-page.ts';
// Programs of the system
export { type DebianProgram, debianProgram, firstOnPath } from './debian-program.ts';
export { type RedisServer, redisProgram, startRedis } from './redis-server.ts';
