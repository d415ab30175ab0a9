import { paceAxios } from '@paceline/axios';
import { createPaceline, perSecond } from '@paceline/core';
import { paceFetch } from '@paceline/fetch';
import { paceKy } from '@paceline/ky';
import axios from 'axios';
import ky from 'ky';
import { serveGithubLike } from './github-like.ts';

const github = await serveGithubLike();

// One engine for the whole process. 10 at once and 40 a second stay below 60 in any second.
const pace = createPaceline({ hosts: { [github.host]: { rate: perSecond(40), burst: 10 } } });
pace.subscribe((event) => {
  if (event.type === 'held') console.log(`Nothing is left: all wait for ${Math.round(event.forMs)} ms`);
});

// Three clients, as different parts of an application may have them.
const viaAxios = axios.create({ baseURL: github.url });
viaAxios.interceptors.request.use(paceAxios(pace));
const viaKy = ky.extend({ prefix: github.url, hooks: { init: [paceKy(pace)] } });
const viaFetch = paceFetch(pace);

/** One call by each client. */
async function callByEach(): Promise<void> {
  await Promise.all([viaAxios.get('/axios'), viaKy.get('ky').json(), viaFetch(`${github.url}/fetch`)]);
}

/** What the server saw since request number `from`. */
function report(title: string, from: number): void {
  const seen = github.seen.slice(from);
  const by = (client: string): string => `${seen.filter(({ path }) => path === `/${client}`).length} by ${client}`;
  const refused = seen.filter(({ status }) => status === 403).length;
  console.log(`${title}: ${by('axios')}, ${by('ky')}, ${by('fetch')}; ${refused} refused`);
}

await Promise.all(Array.from({ length: 15 }, callByEach));
report('45 calls at once', 0);

// The next answer, given to ky, says that nothing is left: that holds all three until the reset.
github.spendElsewhere();
await viaKy.get('ky').json();
await Promise.all([callByEach(), callByEach()]);
report('Used up elsewhere, then 7 calls', 45);

github.close();
