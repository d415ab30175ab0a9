import { mkdirSync } from 'node:fs';
import { createPaceline, perSecond } from '@paceline/core';
import type { Browser, Page } from 'playwright-core';
import { serveDashboard } from '../../src/serve-dashboard.ts';
import { launchChromium } from './chromium.ts';
import { type HostTraffic, startTraffic } from './traffic.ts';

/** Where the pictures of the README and the docs are. */
const FOLDER = new URL('../../../../docs/dashboard/', import.meta.url);

/** Long enough for the charts to have something to show. */
const STORY_MS = 40_000;

const FEW: readonly HostTraffic[] = [
  { host: 'api.payments.example', callsPerSecond: 22, latencyMs: 90, errors: 0.06 },
  { host: 'search.catalog.example', callsPerSecond: 45, latencyMs: 35, errors: 0.01 },
  { host: 'partner.example:8443', callsPerSecond: 9, latencyMs: 320, errors: 0.1, throttled: 0.01 },
];

const MANY: readonly HostTraffic[] = Array.from({ length: 1_000 }, (_, index) => ({
  host: `shop-${String(index + 1).padStart(4, '0')}.example`,
  callsPerSecond: 0.05 + (index % 37) / 60,
  latencyMs: 20 + (index % 53) * 4,
  errors: index % 11 === 0 ? 0.2 : 0.01,
  throttled: index % 97 === 0 ? 0.1 : 0,
}));

const browser = await launchChromium();
if (browser === undefined) process.exitCode = 1;
else {
  mkdirSync(FOLDER, { recursive: true });
  await takeAll(browser, 'few', FEW, limitMoved);
  await takeAll(browser, 'many', MANY, noStory);
  await browser.close();
}

type Story = (page: Page) => Promise<void>;

async function takeAll(browser: Browser, name: string, traffic: readonly HostTraffic[], tell: Story): Promise<void> {
  const pace = createPaceline({
    defaults: { rate: perSecond(4), concurrency: 4 },
    hosts: {
      'api.payments.example': { rate: perSecond(20), concurrency: 8 },
      'search.catalog.example': { rate: perSecond(60), concurrency: 12 },
      'partner.example:8443': { rate: perSecond(10), concurrency: 5 },
    },
  });
  const end = startTraffic(pace, traffic);
  const dashboard = await serveDashboard(pace, { tune: true });
  const pages = await Promise.all(
    (['light', 'dark'] as const).map(async (colorScheme) => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1440, height: 1000 } });
      await page.goto(dashboard.url);
      await page.locator('#hosts-body button.host').first().waitFor();
      return { colorScheme, page };
    }),
  );
  if (pages[0]) await tell(pages[0].page);
  for (const { colorScheme, page } of pages) {
    const named = page.locator('tr[data-host="api.payments.example"] button');
    await ((await named.count()) > 0 ? named : page.locator('#hosts-body button.host').first()).click();
    await take(page, `${name}-${colorScheme}`);
    await page.setViewportSize({ width: 420, height: 900 });
    await take(page, `${name}-narrow-${colorScheme}`);
    await page.close();
  }
  end();
  await dashboard.close();
  await pace.close();
}

/** A limit is lowered, and another one lifted. */
async function limitMoved(page: Page): Promise<void> {
  const row = page.locator('tr[data-host="api.payments.example"] button');
  await page.waitForTimeout(STORY_MS / 2);
  await row.click();
  await page.locator('#rate-0').fill('12');
  await page.locator('#rate-0').press('Enter');
  await page.waitForTimeout(STORY_MS / 4);
  await page.locator('#concurrency').fill('14');
  await page.locator('#concurrency').press('Enter');
  await page.waitForTimeout(STORY_MS / 4);
  await row.click();
  await page.evaluate(() => scrollTo(0, 0));
}

function noStory(page: Page): Promise<void> {
  return page.waitForTimeout(STORY_MS / 2);
}

async function take(page: Page, name: string): Promise<void> {
  // Two frames of the feed: charts and list have taken the new size.
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: new URL(`${name}.png`, FOLDER).pathname });
}
