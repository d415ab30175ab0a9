import type { Settings } from '../wire/views.ts';
import { change } from './access.ts';
import { ControlRow } from './control-row.ts';
import { controlsOf } from './controls.ts';
import { byId, setText } from './dom.ts';
import type { Host } from './host.ts';

/** What changes a host: its limits live, and holds. */
export class TuningForm {
  readonly #section = byId('tuning', HTMLElement);
  readonly #controls = byId('controls', HTMLDivElement);
  readonly #seconds = byId('hold-seconds', HTMLInputElement);
  readonly #status = byId('tuning-status', HTMLParagraphElement);
  #host: Host | undefined;
  #rows: readonly ControlRow[] = [];
  /** What the rows were made for: another host, or another number of rates, needs others. */
  #shape = '';

  constructor() {
    byId('hold', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const seconds = Number(this.#seconds.value);
      void this.#do('hold', { ms: seconds * 1_000 }, `held for ${seconds} s`);
    });
    byId('release', HTMLButtonElement).addEventListener('click', () => void this.#do('release', {}, 'hold ended'));
  }

  /** Undefined is nothing to tune. */
  show(host: Host | undefined): void {
    this.#section.hidden = host === undefined;
    this.#host = host;
    if (host === undefined) return;
    const { settings } = host.view;
    const shape = `${host.view.host} ${settings.rate.map(({ perMs }) => perMs).join()}`;
    if (shape !== this.#shape) this.#build(shape, settings);
    for (const row of this.#rows) row.show(settings);
  }

  #build(shape: string, settings: Settings): void {
    this.#shape = shape;
    this.#rows = controlsOf(settings).map(
      (control) =>
        new ControlRow(control, (value) => {
          const now = this.#host?.view.settings ?? settings;
          const said = value === null ? (control.none ?? 'none') : String(value);
          void this.#do('tune', { settings: control.patch(now, value) }, `${control.label}: ${said}`);
        }),
    );
    const focused = document.activeElement?.id;
    this.#controls.replaceChildren(...this.#rows.map(({ node }) => node));
    if (focused) this.#controls.querySelector<HTMLElement>(`[id="${focused}"]`)?.focus();
  }

  async #do(path: string, body: object, done: string): Promise<void> {
    const host = this.#host?.view.host;
    try {
      await change(path, { host, ...body });
      this.#say(`${host}: ${done}`, false);
    } catch (error) {
      this.#say(`Nothing changed. ${(error as Error).message}`, true);
    }
  }

  #say(text: string, isProblem: boolean): void {
    this.#status.classList.toggle('problem', isProblem);
    setText(this.#status, text);
  }
}
