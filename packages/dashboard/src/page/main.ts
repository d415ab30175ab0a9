import { readToken } from './access.ts';
import { ChangeList } from './change-list.ts';
import { byId, setText } from './dom.ts';
import { EventList } from './event-list.ts';
import { formatCount } from './format.ts';
import { HostTable } from './host-table.ts';
import { Model } from './model.ts';
import { type Arrangement, arrange } from './order.ts';
import { Panel } from './panel.ts';
import { Status } from './status.ts';
import { type Connection, follow } from './stream.ts';

/** Countdowns run in steps of this. */
const TICK_MS = 200;

const model = new Model();
let arrangement: Arrangement = { text: '', state: 'all', key: 'rate', descending: true };
let selected: string | undefined;
let missed = 0;
let isPaused = false;
let connectionKind: Connection['kind'] | undefined;

const status = new Status(() => void watch());
const panel = new Panel(() => select(undefined));
const table = new HostTable({
  selected: select,
  sorted(by) {
    arrangement = { ...arrangement, ...by };
    table.showOrder(by);
    renderHosts();
  },
});
const events = new EventList(render);
const changes = new ChangeList();

const filter = byId('filter', HTMLInputElement);
const state = byId('state', HTMLSelectElement);
const count = byId('hosts-count', HTMLParagraphElement);
const pause = byId('pause', HTMLButtonElement);

filter.addEventListener('input', () => {
  arrangement = { ...arrangement, text: filter.value };
  renderHosts();
});
state.addEventListener('change', () => {
  arrangement = { ...arrangement, state: state.value as Arrangement['state'] };
  renderHosts();
});
pause.addEventListener('click', () => {
  isPaused = !isPaused;
  pause.setAttribute('aria-pressed', String(isPaused));
  if (!isPaused) render();
});
setInterval(() => {
  if (isPaused) return;
  table.tick();
  panel.tick();
}, TICK_MS);

readToken();
table.showOrder(arrangement);
void watch();

function watch(): Promise<void> {
  return follow({
    frame(frame) {
      model.apply(frame, performance.now(), Date.now());
      missed = frame.whole ? 0 : missed + frame.missed;
      schedule();
    },
    connection(connection) {
      // A screen reader is told of a change, not of every frame.
      const isFlicker = connection.kind === 'connecting' && connectionKind === 'lost';
      if (connection.kind === connectionKind || isFlicker) return;
      connectionKind = connection.kind;
      status.showConnection(connection);
    },
  });
}

let isScheduled = false;

/** Once a frame of the screen, and not at all while nobody looks: what came in between is in the model. */
function schedule(): void {
  if (isScheduled || isPaused) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    render();
  });
}

function render(): void {
  status.showTotals(model);
  renderHosts();
  panel.show(model, selected === undefined ? undefined : model.hosts.get(selected));
  events.show(model.events, selected, model.wallOffset);
  events.showMissed(missed);
  changes.show(model.changes, model.tune);
}

function renderHosts(): void {
  const shown = arrange(model.hosts.values(), arrangement);
  table.show(shown, selected);
  const all = formatCount(model.hosts.size);
  setText(count, shown.length === model.hosts.size ? `${all} hosts` : `${formatCount(shown.length)} of ${all} hosts`);
}

function select(host: string | undefined): void {
  selected = host === selected ? undefined : host;
  render();
}
