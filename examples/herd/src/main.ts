import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contenders } from './clients/contenders.ts';
import { runHerd } from './clients/herd.ts';
import { planCalls } from './clients/plan.ts';
import { openLiveHerd } from './live/live-herd.ts';
import { figuresOf } from './report/figures.ts';
import { type Curve, pageOf } from './report/picture.ts';
import { progressBar } from './report/progress.ts';
import { type Row, tableOf } from './report/table.ts';
import { fullScenario, liveScenario, quickScenario, type Scenario } from './scenario.ts';
import { capacityIn } from './server/model.ts';
import { openServerThread } from './server/thread.ts';

const HELP = `A herd of calls against a failing server, once per strategy.

  --quick   a shorter story: under fifteen seconds in all
  --live    one herd on and on, on a page where its limits can be changed
  --port N  port of that page; a free one unless told
  --help    this`;

const PAGE = new URL('../herd.html', import.meta.url);

const { quick, help, live, port } = flags();
if (help) console.log(HELP);
else if (live) await goOn(port);
else await tell(quick ? quickScenario : fullScenario);

async function goOn(port: number): Promise<void> {
  const herd = await openLiveHerd(liveScenario, port).catch((error: Error) => {
    console.error(`--port ${port}: ${error.message}`);
    process.exit(1);
  });
  console.log(
    `A herd at a failing server, on and on: an outage every half minute, and in between more calls at once than it can take.
Drag its rate and see the curve follow:

  ${herd.url}

The same in a terminal: npx -y pnpm@12 --filter @paceline/lab lab watch ${herd.url}
Ctrl-C ends it.`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await herd.close();
  console.log(`\n${herd.arrivals()} requests came to the server.`);
}

async function tell(scenario: Scenario): Promise<void> {
  const { herd, server } = scenario;
  const calls = planCalls(herd).length;
  const capacity = capacityIn(server, 100);
  console.log(
    `${calls} calls from ${herd.clients} clients at a server that can serve ${capacity} requests in 100 ms. It freezes with a herd
in it, its proxy answers 503 for a while, and it comes back at half speed; now and then it hangs. It allows
${server.quota.perSecond} requests a second and answers 429 above that. Every call may be retried ${herd.call.maxRetries} times.\n`,
  );
  const rows: Row[] = [];
  const curves: Curve[] = [];
  for (const { name, what, policy } of contenders) {
    const thread = await openServerThread(server);
    const bar = progressBar(name, calls);
    await thread.start();
    const results = await runHerd(thread.url, herd, policy(scenario), bar.step);
    const arrivals = await thread.finish();
    bar.end();
    rows.push({ name, what, figures: figuresOf(results, arrivals) });
    curves.push({ name, arrivals });
  }
  console.log(`\n${tableOf(rows, capacity)}\n`);
  console.log(
    'Attempts and peaks are counted at the server; success and times are the callers’. p50 and p99 are times to a 200.',
  );
  await writeFile(PAGE, await pageOf(curves, capacity));
  console.log(`The load curves are in ${relative(process.cwd(), fileURLToPath(PAGE))}`);
}

function flags(): { quick: boolean; help: boolean; live: boolean; port: number } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { quick: flag, help: flag, live: flag, port: { type: 'string', default: '0' } } as const;
    const { quick, help, live, port } = parseArgs({ options }).values;
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Error(`--port: expected a port, got '${port}'`);
    return { quick, help, live, port: Number(port) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
