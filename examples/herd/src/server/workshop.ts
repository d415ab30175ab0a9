/** What does the server's work: a fixed number of workers and a bounded line before them. */
export interface Workshop {
  /** Takes a job of `workMs` and tells when it is done, or undefined where the line is full. */
  offer(nowMs: number, workMs: number): number | undefined;
  /** Time that one worker loses with something that is no job: turning a request away. */
  waste(nowMs: number, lostMs: number): void;
}

/**
 * First come, first served. Each worker is kept as the time at which it is free, so nothing has to happen between two
 * arrivals. Work that nobody waits for any more is done all the same, as in most servers.
 */
export function openWorkshop(workers: number, longestLine: number): Workshop {
  const freeAt = new Array<number>(workers).fill(0);
  let waitingUntil: number[] = [];

  const earliest = (): number => freeAt.indexOf(Math.min(...freeAt));
  const occupy = (nowMs: number, forMs: number): { readonly from: number; readonly to: number } => {
    const worker = earliest();
    const from = Math.max(nowMs, freeAt[worker] ?? 0);
    freeAt[worker] = from + forMs;
    return { from, to: from + forMs };
  };

  return {
    offer: (nowMs, workMs) => {
      waitingUntil = waitingUntil.filter((startsAt) => startsAt > nowMs);
      const isBusy = Math.min(...freeAt) > nowMs;
      if (isBusy && waitingUntil.length >= longestLine) return undefined;
      const { from, to } = occupy(nowMs, workMs);
      if (from > nowMs) waitingUntil.push(from);
      return to;
    },
    waste: (nowMs, lostMs) => {
      occupy(nowMs, lostMs);
    },
  };
}
