import { compare, paceline, scaled, scenarioNamed, strategyNamed, withNumbers } from '@paceline/lab';
import { policy } from './policy.ts';
import { server } from './server.ts';

/** A quarter of the workers, the clients and their calls: each client sees the same, in a quarter of the time. */
const SHARE = 0.25;

const own = paceline(
  { name: 'own', title: 'Our policy', family: 'own', does: 'What we ship.', told: 'what src/policy.ts says' },
  () => policy,
);
const scenarios = ['brownout', 'metastable-spike', 'outage-refused'].map((name) =>
  scaled(withNumbers(scenarioNamed(name), server), SHARE),
);

const cells = await compare({
  scenarios,
  strategies: [own, strategyNamed('none'), strategyNamed('jittered'), strategyNamed('paced')],
  seeds: [1],
});

console.table(
  cells.map(({ scenario, strategy, figures }) => ({
    scenario,
    strategy,
    'goodput over optimum': figures.goodput?.median,
    'attempts per call': figures.attemptsPerCall?.median,
    'peak over capacity': figures.peakLoad?.median,
    // null is never, and there is no such figure where nothing had to recover.
    'recovery in ms': figures.recoveryMs === undefined ? '' : (figures.recoveryMs.median ?? 'never'),
  })),
);
