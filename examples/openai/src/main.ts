import { createPaceline } from '@paceline/core';
import { printSeen } from '@paceline/example-support';
import { paceFetch } from '@paceline/fetch';
import OpenAI from 'openai';
import { serveOpenaiLike } from './openai-like.ts';

const server = await serveOpenaiLike();

const pace = createPaceline({
  hosts: {
    [server.host]: {
      concurrency: 2,
      // A prompt may be answered twice, so a POST is tried again as well. A 429 would be in any case.
      retry: { methods: ['GET', 'POST', 'DELETE'] },
    },
  },
});

const pacedFetch = paceFetch(pace);
const openai = new OpenAI({
  apiKey: 'none',
  baseURL: `${server.url}/v1`,
  fetch: pacedFetch,
  // The SDK's own retries, which would multiply ours.
  maxRetries: 0,
});

// The same client, but whose calls go before all that wait.
const urgent = openai.withOptions({ fetch: (url, init) => pacedFetch(url, { ...init, pace: { priority: 1 } }) });

const answered: string[] = [];

async function ask(client: OpenAI, name: string): Promise<void> {
  const prompt = { model: 'local', messages: [{ role: 'user' as const, content: name }] };
  const completion = await client.chat.completions.create(prompt);
  if (completion.choices[0]?.message.content) answered.push(name);
}

const batch = Array.from({ length: 9 }, (_, index) => ask(openai, `batch ${index + 1}`));
await Promise.all([...batch, ask(urgent, 'chat')]);

printSeen(server);
console.log(`The client got ${answered.length} of 10 completions: ${answered.join(', ')}`);

server.close();
