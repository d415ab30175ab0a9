import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contenders } from './clients/contenders.ts';
import { runHerd } from './clients/herd.ts';
import { planCalls } from './clients/plan.ts';
import { figuresOf } from './report/figures.ts';
import { type Curve, pageOf } from './report/picture.ts';
import { progressBar } from './report/progress.ts';
import { type Row, tableOf } from './report/table.ts';
import { fullScenario, quickScenario, type Scenario } from './scenario.ts';
import { capacityIn } from './server/model.ts';
import { openServerThread } from './server/thread.ts';

const HELP = `A herd of calls against a failing server, once per strategy.

  --quick   a shorter story: under fifteen seconds in all
  --help    this`;

const PAGE = new URL('../herd.html', import.meta.url);

const { quick, help } = flags();
if (help) console.log(HELP);
else await tell(quick ? quickScenario : fullScenario);

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

function flags(): { quick: boolean; help: boolean } {
  try {
    const { values } = parseArgs({ options: { quick: { type: 'boolean' }, help: { type: 'boolean' } } });
    return { quick: values.quick ?? false, help: values.help ?? false };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
