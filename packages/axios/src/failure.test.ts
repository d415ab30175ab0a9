import { AxiosError, CanceledError } from 'axios';
import { describe, expect, it } from 'vitest';
import { closedPort, loopback } from '../test/loopback.ts';
import { paced, record, rejection, scripted, swift } from '../test/scripted.ts';
import { isFinal, neverReached } from './failure.ts';

const system = (code: string, facts: object = {}): Error => Object.assign(new Error(code), { code, ...facts });
const config = { headers: {} } as never;
const wrapped = (cause: Error, request: object = {}): AxiosError => AxiosError.from(cause, undefined, config, request);
const network = (cause: unknown): AxiosError =>
  Object.assign(new AxiosError('Network Error', 'ERR_NETWORK', config, {}), { cause });

describe('neverReached', () => {
  const refused = system('ECONNREFUSED', { syscall: 'connect' });
  const timedOut = system('ETIMEDOUT', { syscall: 'connect' });
  const several = (...errors: Error[]): Error =>
    Object.assign(new AggregateError(errors), { code: errors[0] && 'ECONNREFUSED' });

  it.each<[string, unknown, boolean]>([
    ['a refused connection', wrapped(refused), true],
    ['an unknown name', wrapped(system('ENOTFOUND', { syscall: 'getaddrinfo' })), true],
    ['a failing resolver', wrapped(system('EAI_AGAIN')), true],
    ['an unreachable host', wrapped(system('EHOSTUNREACH', { syscall: 'connect' })), true],
    ['an unreachable network', network(system('ENETUNREACH')), true],
    ['a refused connection under fetch', network(refused), true],
    ['a code without a cause', new AxiosError('refused', 'ECONNREFUSED', config), true],
    ['every address refused', wrapped(several(refused, refused)), true],
    ['every address refused under fetch', network(several(refused, refused)), true],
    ['one address refused, the other silent', wrapped(several(refused, timedOut)), true],
    ['one address of two taken', wrapped(several(refused, system('ECONNRESET', { syscall: 'read' }))), false],
    ['a refused connection after a redirect', wrapped(refused, { _redirectCount: 1 }), false],
    ['a host that went away in the middle', wrapped(system('EHOSTUNREACH', { syscall: 'read' })), false],
    ['a name other than the one asked for', network(system('ENOTFOUND', { hostname: 'other.test' })), false],
    ['a port other than the one asked for', network(system('ECONNREFUSED', { port: 81 })), false],
    [
      'the port of a proxy, with no redirect',
      wrapped(system('ECONNREFUSED', { port: 3128 }), { _redirectCount: 0 }),
      true,
    ],
    [
      'the name and port that were asked for',
      network(system('ECONNREFUSED', { hostname: 'api.test', port: 80 })),
      true,
    ],
    ['a reset', wrapped(system('ECONNRESET')), false],
    ['a timeout', new AxiosError('timeout', 'ECONNABORTED', config), false],
    ['nothing known', network(undefined), false],
    ['a string', 'ECONNREFUSED', false],
  ])('%s', (_, error, expected) => {
    expect(neverReached(error, 'http://api.test/')).toBe(expected);
  });
});

describe('isFinal', () => {
  it.each<[string, unknown, boolean]>([
    ['a cancellation', new CanceledError(), true],
    ['an option that axios refuses', new AxiosError('bad', 'ERR_BAD_OPTION_VALUE', config), true],
    ['too many redirects', wrapped(system('ERR_FR_TOO_MANY_REDIRECTS')), true],
    [
      'a response that is too long',
      new AxiosError('maxContentLength size of 1 exceeded', 'ERR_BAD_RESPONSE', config, {}),
      true,
    ],
    [
      'a URL that fetch cannot parse',
      wrapped(Object.assign(new TypeError('Failed to parse URL'), { cause: system('ERR_INVALID_URL') })),
      true,
    ],
    [
      'a body that fetch cannot use',
      wrapped(new TypeError('Response body object should not be disturbed or locked')),
      true,
    ],
    ['an axios error that belongs to no request', new AxiosError('Unknown adapter'), true],
    ['an error of the adapter’s own', new Error('odd'), true],
    ['no error at all', undefined, true],
    ['a response that broke off', new AxiosError('stream has been aborted', 'ERR_BAD_RESPONSE', config, {}), false],
    ['a network error', network(undefined), false],
    ['a network error without a code', wrapped(new Error('Network Error')), false],
    ['a reset', wrapped(system('ECONNRESET')), false],
    ['a plain system error', system('ECONNRESET'), false],
    ['a failing HTTP/2 stream', wrapped(system('ERR_HTTP2_STREAM_ERROR')), false],
  ])('%s', (_, error, expected) => {
    expect(isFinal(error)).toBe(expected);
  });
});

describe('a connection', () => {
  it.each(['http', 'fetch'])(
    'that is refused is tried again even for a POST, which was never sent: %s adapter',
    async (adapter) => {
      const pace = swift();
      const events = record(pace);
      const url = `http://127.0.0.1:${await closedPort()}/`;
      const error = await rejection(paced(pace).post(url, 'x', { adapter, pace: { maxRetries: 2 } }));
      expect(error).toMatchObject({ isAxiosError: true, code: adapter === 'http' ? 'ECONNREFUSED' : 'ERR_NETWORK' });
      expect(events.filter(({ type }) => type === 'retry')).toMatchObject([
        { reason: 'never-sent' },
        { reason: 'never-sent' },
      ]);
    },
  );

  it.each(['http', 'fetch'])('that breaks is tried again for a GET but not for a POST: %s adapter', async (adapter) => {
    const server = await loopback((response, count) => {
      if (count === 1 || count === 3) response.destroy();
      else response.end('ok');
    });
    const api = paced(swift(), { adapter });
    const { data } = await api.get(server.url);
    const error = await rejection(api.post(server.url, 'x'));
    expect(data).toBe('ok');
    expect(error).toMatchObject({ isAxiosError: true, config: { method: 'post' } });
    expect(server.received).toHaveLength(3);
  });

  it('that breaks in the middle of a body is tried again', async () => {
    const server = await loopback((response, count) => {
      if (count > 1) return void response.end('whole');
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => response.destroy());
    });
    const { data } = await paced().get(server.url);
    expect(data).toBe('whole');
    expect(server.received).toHaveLength(2);
  });

  it.each(['http', 'fetch'])(
    'refused behind a redirect is no proof, the POST was received: %s adapter',
    async (adapter) => {
      const port = await closedPort();
      const server = await loopback((response) => {
        response.writeHead(303, { Location: `http://127.0.0.1:${port}/` }).end();
      });
      const error = await rejection(paced().post(server.url, 'x', { adapter }));
      expect(error.code).toBe(adapter === 'http' ? 'ECONNREFUSED' : 'ERR_NETWORK');
      expect(server.received).toHaveLength(1);
    },
  );
});

it('goes by the status of an error whatever validateStatus says, for adapters that do not ask it', async () => {
  const pace = swift();
  const events = record(pace);
  const response = { status: 503, statusText: '', headers: {}, data: '', config };
  const { adapter, runs } = scripted(new AxiosError('no', 'ERR_BAD_RESPONSE', config, {}, response));
  const error = await rejection(
    paced(pace, { adapter }).post('http://api.test/', 'x', { validateStatus: null, pace: { idempotent: true } }),
  );
  expect(error.response).toBe(response);
  expect(runs).toHaveLength(4);
  expect(events).toContainEqual(expect.objectContaining({ type: 'retry', reason: 'status' }));
});

it('does not send again what axios itself refuses', async () => {
  const server = await loopback((response) => void response.end('x'.repeat(100)));
  const error = await rejection(paced().get(server.url, { maxContentLength: 10 }));
  expect(error.message).toBe('maxContentLength size of 10 exceeded');
  expect(server.received).toHaveLength(1);
});

it('reads Retry-After and its like from any kind of headers', async () => {
  const kinds = [{ 'Retry-After': '3' }, { 'retry-after': ['3', '4'] }, new Headers({ 'Retry-After': '3' })];
  for (const headers of kinds) {
    const seen: unknown[] = [];
    const when = ({ header }: { header(name: string): unknown }): boolean => {
      seen.push(header('retry-after'), header('x-none'));
      return false;
    };
    const { adapter } = scripted(503);
    const api = paced(swift({ retry: { when }, hints: false }), {
      adapter: (config) =>
        adapter({ ...config, validateStatus: null }).then((response) => ({ ...response, headers: headers as never })),
    });
    await api.get('http://api.test/');
    expect(seen).toEqual([Array.isArray(Object.values(headers)[0]) ? '3, 4' : '3', undefined]);
  }
});
