import { settlementOf } from '@paceline/core';
import type { Answer, Client } from '../client.ts';
import type { End } from '../scenario.ts';

/** How a call ended. */
export interface Ending {
  readonly end: End | `unexpected: ${string}`;
  /** Whether the client rejected. */
  readonly hasError: boolean;
  /** What `settlementOf` says of its error. */
  readonly settledAs?: string | undefined;
}

/** Waits for a call and tells its end in the words of the table, provided that it came the client's way. */
export async function endOf(client: Client, result: Promise<Answer>, signal: AbortSignal): Promise<Ending> {
  try {
    return { end: await wordsOf(await result), hasError: false };
  } catch (error) {
    const answer = client.answerIn(error);
    const end = answer ? await wordsOf(answer) : failureOf(client, error, signal);
    return { end, hasError: true, settledAs: settlementOf(error)?.reason };
  }
}

async function wordsOf(answer: Answer): Promise<Ending['end']> {
  const text = await answer.text().catch(() => 'broken off');
  return `${answer.status}, ${text}` as End;
}

function failureOf(client: Client, error: unknown, { aborted, reason }: AbortSignal): Ending['end'] {
  if (aborted && client.isAbort(error, reason)) return 'aborted';
  if (aborted && client.isAbort(error, undefined)) return 'aborted, without the reason';
  const refusal = client.refusalIn(error);
  if (refusal) return `refused ${refusal.code}`;
  return client.isNetworkFailure(error) ? 'network failure' : `unexpected: ${String(error)}`;
}
