export { type Answer, type LocalServer, printSeen, type Seen, serve } from './serve.ts';
