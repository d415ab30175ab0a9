// Programs of the system
export { type BrowserPage, runInPage } from './browser-page.ts';
export { type DebianProgram, debianProgram } from './debian-program.ts';
