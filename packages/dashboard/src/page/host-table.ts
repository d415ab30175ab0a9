import { byId, element, setAttribute, setText } from './dom.ts';
import { formatCount, formatCountdown, formatMs, formatNumber, NONE } from './format.ts';
import type { Host } from './host.ts';
import { type Arrangement, isSortKey } from './order.ts';

/** Height of a row in pixels, as the style sheet has it. */
const ROW_HEIGHT = 36;

/** Rows that are there above and below the visible ones, so that a quick scroll shows no holes. */
const SPARE_ROWS = 8;

interface Listener {
  selected(host: string): void;
  sorted(by: Pick<Arrangement, 'key' | 'descending'>): void;
}

/**
 * The list of hosts: a table of which only the rows in sight exist, between two spacers that stand for the others. A row
 * stays its host's as long as that is in sight, so focus and selection stay where they are when the order changes.
 */
export class HostTable {
  readonly #scroller = byId('hosts-scroll', HTMLElement);
  readonly #table = byId('hosts-table', HTMLTableElement);
  readonly #body = byId('hosts-body', HTMLTableSectionElement);
  readonly #above = spacer();
  readonly #below = spacer();
  readonly #rows = new Map<string, Row>();
  readonly #listener: Listener;
  #hosts: readonly Host[] = [];
  /** The host that the arrow keys go on from, and the tab key stops at. */
  #current: string | undefined;
  #selected: string | undefined;
  #isScheduled = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#body.append(this.#above, this.#below);
    // Takes the focus of a row that goes out of sight; by tab one comes to the rows themselves.
    this.#scroller.tabIndex = -1;
    this.#scroller.addEventListener('scroll', () => this.#schedule(), { passive: true });
    this.#scroller.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('click', (event) => this.#onClick(event));
    for (const button of this.#table.tHead?.querySelectorAll('button') ?? []) {
      button.addEventListener('click', () => this.#onSort(button));
    }
    new ResizeObserver(() => this.#schedule()).observe(this.#scroller);
  }

  /** Shows these hosts, in this order. */
  show(hosts: readonly Host[], selected: string | undefined): void {
    this.#hosts = hosts;
    this.#selected = selected;
    setAttribute(this.#table, 'aria-rowcount', String(hosts.length + 1));
    for (const row of this.#rows.values()) row.isStale = true;
    this.#render();
  }

  /** Shows by which column the list is sorted. */
  showOrder({ key, descending }: Pick<Arrangement, 'key' | 'descending'>): void {
    for (const button of this.#table.tHead?.querySelectorAll('button') ?? []) {
      const isKey = button.dataset.sort === key;
      const header = button.closest('th');
      if (header) setAttribute(header, 'aria-sort', isKey ? (descending ? 'descending' : 'ascending') : undefined);
    }
  }

  /** Lets holds run down between two frames. */
  tick(): void {
    const now = performance.now();
    for (const row of this.#rows.values()) row.tick(now);
  }

  /** However often it is asked for, once a frame of the screen. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#render();
    });
  }

  #render(): void {
    const height = this.#scroller.clientHeight;
    const first = Math.max(0, Math.floor(this.#scroller.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(this.#hosts.length, first + Math.ceil(height / ROW_HEIGHT) + 2 * SPARE_ROWS);
    const shown = this.#hosts.slice(first, last);
    this.#dropRows(new Set(shown.map(({ view }) => view.host)));
    const stop = this.#tabStop(shown);
    const now = performance.now();
    const rows = shown.map((host, index) => {
      const row = this.#rowOf(host.view.host);
      // A scroll alone changes nothing of rows that were in sight before.
      if (row.isStale) row.show(host, now, { index: first + index + 2, isSelected: host.view.host === this.#selected });
      row.isTabStop = host.view.host === stop;
      return row.node;
    });
    this.#above.style.height = `${first * ROW_HEIGHT}px`;
    this.#below.style.height = `${(this.#hosts.length - last) * ROW_HEIGHT}px`;
    this.#put(rows);
  }

  /** Puts rows in order, last to first. One that has the focus would lose it by being moved: the others go around it. */
  #put(rows: readonly HTMLTableRowElement[]): void {
    const focused = document.activeElement?.closest('tr');
    let next: HTMLTableRowElement = this.#below;
    for (const row of rows.toReversed()) {
      if (row === focused) {
        while (row.nextSibling !== null && row.nextSibling !== next) this.#body.insertBefore(row.nextSibling, row);
      } else if (row.nextSibling !== next) this.#body.insertBefore(row, next);
      next = row;
    }
  }

  #dropRows(shown: ReadonlySet<string>): void {
    for (const [host, row] of this.#rows) {
      if (shown.has(host)) continue;
      // The focus must not fall out of the page with its row: the arrow keys go on from the list itself.
      if (row.node.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
      row.node.remove();
      this.#rows.delete(host);
    }
  }

  /** One row of those there are: the current one, else the first. */
  #tabStop(shown: readonly Host[]): string | undefined {
    const isShown = shown.some(({ view }) => view.host === this.#current);
    return isShown ? this.#current : shown[0]?.view.host;
  }

  #rowOf(host: string): Row {
    let row = this.#rows.get(host);
    if (row === undefined) {
      row = new Row(host);
      this.#rows.set(host, row);
    }
    return row;
  }

  #onClick(event: Event): void {
    const host = (event.target as Element).closest('tr')?.dataset.host;
    if (host === undefined) return;
    this.#current = host;
    this.#listener.selected(host);
  }

  #onSort(button: HTMLButtonElement): void {
    const key = button.dataset.sort;
    if (!isSortKey(key)) return;
    const sorted = button.closest('th')?.getAttribute('aria-sort');
    // Names from A, figures from the largest; once more turns it round.
    const descending = sorted === null || sorted === undefined ? key !== 'host' : sorted === 'ascending';
    this.#listener.sorted({ key, descending });
  }

  #onKey(event: KeyboardEvent): void {
    const from = this.#hosts.findIndex(({ view }) => view.host === this.#current);
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / ROW_HEIGHT) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: this.#hosts.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || this.#hosts.length === 0) return;
    event.preventDefault();
    const index = Math.min(this.#hosts.length - 1, Math.max(0, to));
    this.#current = this.#hosts[index]?.view.host;
    this.#scrollTo(index);
    this.#render();
    if (this.#current !== undefined) this.#rows.get(this.#current)?.focus();
  }

  #scrollTo(index: number): void {
    const head = this.#table.tHead?.offsetHeight ?? 0;
    const top = index * ROW_HEIGHT;
    const room = this.#scroller.clientHeight - head - ROW_HEIGHT;
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
    else if (top > this.#scroller.scrollTop + room) this.#scroller.scrollTop = top - room;
  }
}

function spacer(): HTMLTableRowElement {
  return element('tr', { class: 'spacer', 'aria-hidden': 'true' });
}

/** Cells after the host's name, in the order of the columns; the classes say which go first where there is no room. */
const CELLS = ['rate', 'queued', 'wait', 'in-flight', 'tokens', 'retries', 'refused', 'p50', 'p99', 'hold'] as const;

interface Place {
  /** 1 is the head. */
  readonly index: number;
  readonly isSelected: boolean;
}

class Row {
  /** Whether what it shows may have changed. */
  isStale = true;
  readonly node: HTMLTableRowElement = element('tr');
  readonly #button: HTMLButtonElement;
  readonly #dot = element('span', { class: 'dot' });
  readonly #bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
  readonly #cells: readonly (readonly [cell: HTMLTableCellElement, text: HTMLSpanElement])[];
  #host: Host | undefined;

  constructor(name: string) {
    this.node.dataset.host = name;
    this.#button = element('button', { type: 'button', class: 'host', title: name }, this.#dot, name);
    this.node.append(element('th', { scope: 'row' }, this.#button));
    this.#cells = CELLS.map((cell) => {
      const text = element('span');
      return [element('td', { class: cell }, text), text];
    });
    this.#cells[0]?.[0].append(this.#bar);
    this.node.append(...this.#cells.map(([cell]) => cell));
  }

  set isTabStop(isStop: boolean) {
    this.#button.tabIndex = isStop ? 0 : -1;
  }

  show(host: Host, now: number, { index, isSelected }: Place): void {
    this.#host = host;
    this.isStale = false;
    const { view } = host;
    const of = (value: string, most: number | null): string =>
      most === null ? value : `${value} / ${formatNumber(most)}`;
    const texts = [
      of(formatNumber(host.attemptsPerSecond), host.allowedPerSecond),
      formatCount(view.queued),
      formatMs(view.wait.p90),
      of(formatCount(view.inFlight), view.concurrency),
      host.tokens === null ? NONE : formatNumber(Math.floor(host.tokens)),
      formatNumber(host.retriesPerSecond),
      formatCount(host.refused),
      formatMs(view.latency.p50),
      formatMs(view.latency.p99),
    ];
    for (const [cell, text] of texts.entries()) this.#setCell(cell, text);
    this.tick(now);
    const load = host.allowedPerSecond === null ? 0 : Math.min(1, host.attemptsPerSecond / host.allowedPerSecond);
    this.#bar.style.setProperty('--load', load.toFixed(2));
    setAttribute(this.node, 'aria-rowindex', String(index));
    setAttribute(this.#button, 'aria-current', isSelected ? 'true' : undefined);
    setAttribute(this.#dot, 'data-state', stateOf(host));
  }

  tick(now: number): void {
    const holdMs = this.#host?.holdMs(now) ?? 0;
    this.#setCell(CELLS.length - 1, holdMs > 0 ? formatCountdown(holdMs) : '');
  }

  focus(): void {
    this.#button.focus({ preventScroll: true });
  }

  #setCell(index: number, text: string): void {
    const cell = this.#cells[index];
    if (cell !== undefined) setText(cell[1], text);
  }
}

/** The worst that can be said of a host, for its dot. */
function stateOf({ view, retriesPerSecond, attemptsPerSecond }: Host): string {
  if (view.holdMs > 0 || view.breaker?.state === 'open') return 'held';
  if (retriesPerSecond > 0 || view.backingOff > 0) return 'retrying';
  if (view.queued > 0) return 'queueing';
  return attemptsPerSecond > 0 || view.inFlight > 0 ? 'busy' : 'idle';
}
