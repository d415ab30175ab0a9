import { parseHttpDate } from './http-date.ts';

/** Where an answer's headers are read, by their lower-case names. */
export interface Headed {
  header(name: string): string | null | undefined;
}

/** Milliseconds since the Unix epoch, as this machine sees them. */
export interface WallClock {
  wallNow(): number;
}

/** The server's points in time are measured from its own Date, so that a skewed clock on either side does no harm. */
export function serverNow(answer: Headed, clock: WallClock): number {
  const wall = clock.wallNow();
  return parseHttpDate(answer.header('date')?.trim() ?? '', wall) ?? wall;
}
