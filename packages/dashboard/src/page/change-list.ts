import type { ChangeView } from '../wire/views.ts';
import { change } from './access.ts';
import { byId, element, setText } from './dom.ts';

/** What was changed, by whoever watches, and what undoes it. */
export class ChangeList {
  readonly #section = byId('changes-section', HTMLElement);
  readonly #list = byId('changes', HTMLOListElement);
  readonly #status = byId('changes-status', HTMLParagraphElement);
  #shown: readonly ChangeView[] | undefined;

  constructor() {
    // It scrolls, and by key only what has the focus does.
    this.#list.tabIndex = 0;
  }

  show(changes: readonly ChangeView[], tune: boolean): void {
    this.#section.hidden = !tune;
    if (changes === this.#shown) return;
    this.#shown = changes;
    const focused = document.activeElement?.getAttribute('data-undo');
    const none = element('li', { class: 'none' }, 'Nothing has been changed from here.');
    this.#list.replaceChildren(...(changes.length === 0 ? [none] : changes.map((entry) => this.#line(entry))));
    if (focused) this.#list.querySelector<HTMLElement>(`[data-undo="${focused}"]`)?.focus();
  }

  #line({ id, time, host, what, undone, undoable }: ChangeView): HTMLLIElement {
    const text = what.length === 0 ? 'as it was' : what.join(', ');
    const line = element(
      'li',
      { class: undone ? 'undone' : '' },
      element('time', {}, new Date(time).toTimeString().slice(0, 8)),
      element('span', { class: 'host' }, host),
      element('span', { class: 'what' }, text),
    );
    if (undone) line.append(element('span', { class: 'mark' }, 'undone'));
    else if (undoable) line.append(this.#undoButton(id, `${host}: ${text}`));
    return line;
  }

  #undoButton(id: number, what: string): HTMLButtonElement {
    const button = element('button', { type: 'button', 'data-undo': String(id), 'aria-label': `Undo ${what}` }, 'Undo');
    button.addEventListener('click', () => {
      change('undo', { id }).then(
        () => setText(this.#status, `Undone: ${what}`),
        (error: unknown) => setText(this.#status, `Not undone. ${(error as Error).message}`),
      );
    });
    return button;
  }
}
