import type { QuotaRules } from '../quota/quota.ts';

/** A scenario after validation: complete, nothing left to default. */
export interface ScenarioRules {
  readonly url: string | RegExp;
  readonly method: string | RegExp;
  readonly outages: readonly OutageRules[];
  readonly first: readonly Reply[];
  readonly firstOfEachCall: readonly Reply[];
  readonly quota: QuotaRules | undefined;
  readonly errors: ErrorRules;
  readonly slow: SlowRules;
  readonly seed: number;
}

export interface OutageRules {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reply: Reply;
}

export interface ErrorRules {
  readonly share: number;
  readonly reply: Reply;
}

export interface SlowRules {
  readonly minMs: number;
  readonly maxMs: number;
  readonly share: number;
}

/** What the client gets. */
export type Reply =
  | { readonly kind: 'hang' }
  | { readonly kind: 'network-error' }
  | { readonly kind: 'reset' }
  | AnswerReply
  | CutReply;

interface AnswerReply {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface CutReply {
  readonly kind: 'cut';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Less than there are bytes. */
  readonly cutAfter: number;
}
