import { keepToken } from './access.ts';
import { byId, setAttribute, setText } from './dom.ts';
import { formatCount, formatNumber } from './format.ts';
import type { Model } from './model.ts';
import type { Connection } from './stream.ts';

/** The top of the page: how it stands with the server, and the figures of all hosts together. */
export class Status {
  readonly #connection = byId('connection', HTMLParagraphElement);
  readonly #access = byId('access', HTMLFormElement);
  readonly #token = byId('token', HTMLInputElement);
  readonly #tiles = byId('tiles', HTMLDListElement);

  constructor(tryAgain: () => void) {
    this.#access.addEventListener('submit', (event) => {
      event.preventDefault();
      keepToken(this.#token.value);
      this.#token.value = '';
      tryAgain();
    });
  }

  showConnection(connection: Connection): void {
    setAttribute(this.#connection, 'data-kind', connection.kind);
    setText(this.#connection, describe(connection));
    const needsToken = connection.kind === 'refused' && connection.status === 401;
    // Only then: a field must not vanish under whoever types into it.
    if (needsToken && this.#access.hidden) {
      this.#access.hidden = false;
      this.#token.focus();
    } else if (connection.kind === 'live') this.#access.hidden = true;
  }

  showTotals(model: Model): void {
    const { rate, queued, inFlight, retries, refusals, held } = model.sums();
    const texts = [
      formatNumber(rate),
      formatCount(queued),
      formatCount(inFlight),
      formatNumber(retries),
      formatNumber(refusals),
      formatCount(held),
    ];
    for (const [index, value] of this.#tiles.querySelectorAll('dd').entries()) setText(value, texts[index] ?? '');
    this.#tiles.querySelector('[data-tile=held]')?.classList.toggle('is-alert', held > 0);
  }
}

function describe(connection: Connection): string {
  switch (connection.kind) {
    case 'live':
      return 'Live';
    case 'connecting':
      return 'Connecting';
    case 'lost':
      return 'Connection lost, trying again';
    case 'refused':
      return `Refused: ${connection.why}`;
  }
}
