import type { ServerResponse } from 'node:http';

/** One who watches: a response that is a stream of server-sent events. */
export class Watcher {
  /** Sample, event and change that the last frame told. */
  sample = 0;
  event: number;
  change = -1;
  readonly #response: ServerResponse;
  /** Since when the browser has not taken what was written; undefined if it has. */
  #stuckSince: number | undefined;

  constructor(response: ServerResponse, event: number) {
    this.#response = response;
    this.event = event;
    response.setHeader('content-type', 'text/event-stream');
    response.flushHeaders();
    response.on('drain', () => {
      this.#stuckSince = undefined;
    });
  }

  /** Whether the last frame is on its way. If not, there is no use in another: a later one will tell the same and more. */
  get isReady(): boolean {
    return this.#stuckSince === undefined;
  }

  stuckFor(now: number): number {
    return this.#stuckSince === undefined ? 0 : now - this.#stuckSince;
  }

  /** Sends a frame of JSON, which has no line breaks. */
  send(json: string, now: number): void {
    if (!this.#response.write(`data: ${json}\n\n`)) this.#stuckSince = now;
  }

  end(): void {
    this.#response.end();
  }

  drop(): void {
    this.#response.destroy();
  }
}
