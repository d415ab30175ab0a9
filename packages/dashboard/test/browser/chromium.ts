import { debianProgram } from '@paceline/test-support';
import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium, without what it would like to ask its maker for; undefined where it cannot be had. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = await debianProgram({ program: 'chromium', tests: 'the dashboard in a real browser' });
  if (executablePath === undefined) return undefined;
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  // As root there is no sandbox; the page is our own.
  return chromium.launch({ executablePath, args: [...quiet, '--no-sandbox', '--disable-gpu', '--disable-quic'] });
}
