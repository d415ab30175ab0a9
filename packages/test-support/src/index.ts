// Programs of the system
export { type DebianProgram, debianProgram } from './debian-program.ts';
