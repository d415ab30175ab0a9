import { createPaceline, perSecond } from '@paceline/core';
import { serve } from '@paceline/example-support';
import { paceKy } from '@paceline/ky';
import ky, { type KyInstance } from 'ky';

// Two hosts: a catalogue that works, and a partner that is down.
const catalogue = await serve((request) => ({ body: { item: request.url } }));
const partner = await serve(() => ({ status: 503 }));

const pace = createPaceline({
  hosts: {
    // 50 a second, 5 of them at once.
    [catalogue.host]: { rate: perSecond(50), burst: 5 },
    // One after the other. Each ten calls pay for one retry, and one more in ten seconds is free.
    [partner.host]: { concurrency: 1, budget: { ratio: 0.1, minPerSecond: 0.1 } },
  },
});

const api = ky.extend({ hooks: { init: [paceKy(pace)] } });

/** Makes 20 calls at once and counts the answers. */
async function callTwenty(client: KyInstance): Promise<number> {
  const calls = Array.from({ length: 20 }, (_, index) => client.get(`items/${index + 1}`).json());
  const results = await Promise.allSettled(calls);
  return results.filter((result) => result.status === 'fulfilled').length;
}

const [fromCatalogue, fromPartner] = await Promise.all([
  callTwenty(api.extend({ prefix: catalogue.url })),
  callTwenty(api.extend({ prefix: partner.url })),
]);

console.log(`catalogue: ${fromCatalogue} of 20 calls answered, the server saw ${catalogue.seen.length} requests`);
console.log(`partner:   ${fromPartner} of 20 calls answered, the server saw ${partner.seen.length} requests`);

// What the engine knows of each host, for logs and dashboards.
for (const { host, counters } of pace.snapshot().lanes) {
  const retries = counters.attempts - counters.calls;
  console.log(`${host}: ${retries} retries, ${counters.unpaid} not paid for`);
}

catalogue.close();
partner.close();
