import { setTimeout as sleep } from 'node:timers/promises';
import { createPaceline } from '@paceline/core';
import { serve } from '@paceline/example-support';
import { installPace } from '@paceline/fetch';

// A library with two seats: whoever comes while both are taken is turned away.
let readers = 0;
const library = await serve(async () => {
  if (readers === 2) return { status: 503 };
  readers += 1;
  await sleep(50);
  readers -= 1;
  return { body: 'a book' };
});

/** Stands for a package that calls the global fetch, and that you cannot change. */
async function borrowTen(): Promise<string> {
  const before = library.seen.length;
  const responses = await Promise.all(Array.from({ length: 10 }, () => fetch(library.url)));
  const books = responses.filter((response) => response.ok).length;
  const refused = library.seen.slice(before).filter((request) => request.status === 503).length;
  return `${books} of 10 calls got a book, the server turned ${refused} away`;
}

console.log(`fetch as it is:     ${await borrowTen()}`);

const pace = createPaceline({ hosts: { [library.host]: { concurrency: 2 } } });
const uninstall = installPace(pace);
console.log(`installPace(pace):  ${await borrowTen()}`);

uninstall();
console.log(`uninstall():        ${await borrowTen()}`);

library.close();
