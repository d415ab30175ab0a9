import type { Settings } from '../wire/views.ts';
import { type Control, fromSlider, sliderRange, toSlider } from './controls.ts';
import { element } from './dom.ts';

/** A slider that is being dragged is sent this often. */
const SEND_MS = 150;

/** After a change the controls stay as the user left them for so long, until the server tells what is in force. */
const SETTLE_MS = 1_000;

/** One control as the user sees it: a slider, a field for the exact number, and a box for "none". */
export class ControlRow {
  readonly node: HTMLElement;
  readonly #control: Control;
  readonly #slider: HTMLInputElement;
  readonly #field: HTMLInputElement;
  readonly #box: HTMLInputElement;
  readonly #send: (value: number | null) => void;
  #timer: number | undefined;
  #touchedAt = Number.NEGATIVE_INFINITY;

  constructor(control: Control, send: (value: number | null) => void) {
    const { id, label, min, none = '' } = control;
    this.#control = control;
    this.#send = send;
    const range = sliderRange(control);
    this.#slider = element('input', {
      type: 'range',
      id: `${id}-slider`,
      min: String(range.min),
      max: String(range.max),
      step: String(range.step),
      'aria-label': label,
    });
    this.#field = element('input', { type: 'number', id, min: String(min), step: 'any', inputmode: 'decimal' });
    this.#box = element('input', { type: 'checkbox', id: `${id}-none` });
    const boxLabel = element('label', { class: 'none-box', for: this.#box.id }, this.#box, none);
    const fields = element('div', { class: 'fields' }, this.#slider, this.#field, boxLabel);
    this.node = element('div', { class: 'control' }, element('label', { for: id }, label), fields);
    this.#slider.addEventListener('input', () => this.#onSlider());
    this.#field.addEventListener('change', () => this.#onField());
    this.#box.addEventListener('change', () => this.#onBox());
  }

  /** Shows what is in force, unless the user is at it. */
  show(settings: Settings): void {
    const isTouched = performance.now() - this.#touchedAt < SETTLE_MS;
    if (isTouched || document.activeElement === this.#field) return;
    this.#put(this.#control.read(settings));
  }

  #put(value: number | null): void {
    this.#box.checked = value === null;
    if (value === null) this.#field.value = '';
    else {
      this.#field.value = String(value);
      this.#slider.value = String(toSlider(this.#control, value));
    }
    this.#slider.setAttribute('aria-valuetext', value === null ? (this.#control.none ?? 'none') : String(value));
    this.node.classList.toggle('is-none', value === null);
  }

  #onSlider(): void {
    const value = fromSlider(this.#control, Number(this.#slider.value));
    this.#touched(value);
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      this.#send(fromSlider(this.#control, Number(this.#slider.value)));
    }, SEND_MS);
  }

  #onField(): void {
    if (this.#field.value === '') return;
    const value = Number(this.#field.value);
    this.#touched(value);
    this.#send(value);
  }

  #onBox(): void {
    const value = this.#box.checked ? null : this.#control.start;
    this.#touched(value);
    this.#send(value);
  }

  #touched(value: number | null): void {
    this.#touchedAt = performance.now();
    this.#put(value);
  }
}
