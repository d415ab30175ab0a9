import { type HostPolicy, type Paceline, perSecond } from '@paceline/core';
import { paceFetch } from '@paceline/fetch';

export const API = 'https://shop.example.com';

/** How the application treats its API. */
export const policy: HostPolicy = {
  rate: perSecond(10),
  burst: 10,
  timeouts: { attemptMs: 2_000, totalMs: 60_000 },
};

/** The part of an application that talks to its API. */
export interface Shop {
  /** Names of all articles; those of the last time while the API is down. */
  articles(): Promise<string[]>;
  /** Orders an article, once, whatever happens on the way. */
  order(article: string): Promise<void>;
}

export function createShop(pace: Paceline): Shop {
  const fetch = paceFetch(pace);
  let known: string[] = [];

  return {
    async articles() {
      const response = await fetch(`${API}/articles`);
      if (response.ok) known = await response.json();
      return known;
    },

    async order(article) {
      const response = await fetch(`${API}/orders`, {
        method: 'POST',
        body: JSON.stringify({ article }),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
      });
      if (!response.ok) throw new Error(`The order was refused with ${response.status}`);
    },
  };
}
