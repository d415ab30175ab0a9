import { checkFields, checkNumber, wrongType } from '../check/check.ts';
import type { FailedAnswer, Failure } from './options.ts';
import type { CutReply, Reply } from './rules.ts';

const STATUS = { from: 200, to: 599, integer: true } as const;

/** Statuses that never have a body (Fetch, "null body status"). */
const BODILESS: readonly number[] = [204, 205, 304];

export function checkFailure(path: string, failure: Failure): Reply {
  if (failure === 'network-error' || failure === 'reset' || failure === 'hang') return { kind: failure };
  if (typeof failure === 'number') {
    return { kind: 'answer', status: checkNumber(path, failure, STATUS), headers: {}, body: null };
  }
  if (typeof failure === 'object') return checkAnswer(path, failure);
  throw wrongType(path, "a status, 'network-error', 'reset', 'hang' or an answer", failure);
}

function checkAnswer(path: string, failure: FailedAnswer): Reply {
  const answer = checkFields(path, failure, ['status', 'headers', 'body', 'cutAfter']);
  const status = checkNumber(`${path}.status`, answer.status === undefined ? 200 : answer.status, STATUS);
  const headers = checkHeaders(`${path}.headers`, answer.headers);
  const body = checkBody(`${path}.body`, answer.body, status);
  if (answer.cutAfter === undefined) return { kind: 'answer', status, headers, body };
  return { kind: 'cut', status, headers, ...checkCut(path, body, answer.cutAfter) };
}

function checkCut(path: string, body: string | null, given: number): Pick<CutReply, 'bytes' | 'cutAfter'> {
  const bytes = new TextEncoder().encode(body ?? '');
  if (bytes.length < 2) throw new RangeError(`${path}.body: expected 2 bytes or more to cut, got ${bytes.length}`);
  const bounds = { from: 1, to: bytes.length - 1, integer: true };
  return { bytes, cutAfter: checkNumber(`${path}.cutAfter`, given, bounds) };
}

function checkBody(path: string, body: string | undefined, status: number): string | null {
  if (body === undefined) return null;
  if (typeof body !== 'string') throw wrongType(path, 'a string', body);
  if (BODILESS.includes(status)) throw new TypeError(`${path}: expected none beside status ${status}`);
  return body;
}

function checkHeaders(path: string, headers: FailedAnswer['headers'] = {}): Readonly<Record<string, string>> {
  try {
    new Headers(headers);
  } catch (cause) {
    throw new TypeError(`${path}: expected names and values of headers`, { cause });
  }
  return { ...headers };
}
