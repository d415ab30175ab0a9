import type { Body } from '../client.ts';
import type { Expected, Scenario } from '../scenario.ts';

const BYTES = new Uint8Array([0, 1, 2, 13, 10, 253, 254, 255]);
const JSON_VALUE = { name: 'Zoë', list: [1, null] };

/** Bodies with what has to arrive: text in UTF-8, bytes as they are. */
const AGAIN: readonly [name: string, value: Extract<Body, { kind: 'plain' | 'json' }>, arrives: Expected['body']][] = [
  ['a string', { kind: 'plain', value: 'naïve' }, utf8('naïve')],
  ['JSON', { kind: 'json', value: JSON_VALUE }, utf8(JSON.stringify(JSON_VALUE))],
  ['bytes', { kind: 'plain', value: BYTES }, binary(BYTES)],
  ['an ArrayBuffer', { kind: 'plain', value: BYTES.buffer }, binary(BYTES)],
  ['a Blob', { kind: 'plain', value: new Blob([BYTES], { type: 'image/png' }) }, binary(BYTES)],
  ['URLSearchParams', { kind: 'plain', value: new URLSearchParams({ a: '1 2', b: 'é' }) }, 'a=1+2&b=%C3%A9'],
  ['a form with a file', { kind: 'plain', value: form() }, formUnder],
];

const STREAM: Body = { kind: 'stream', chunks: [BYTES, BYTES] };

/** Bodies as they arrive at a real server, each time they are sent. */
export const BODIES: readonly Scenario[] = [
  ...AGAIN.map(
    ([name, body, arrives]): Scenario => ({
      name: `a body is sent again as it was, to the byte: ${name}`,
      over: 'sockets',
      server: [503, 'reset', 200],
      calls: { a: { method: 'PUT', body } },
      expected: {
        ends: { a: '200, answer 3' },
        arrivals: 'a a a',
        log: { a: 'sent 503 retry(status) sent failed retry(network) sent 200 settled(done)' },
        ...(arrives !== undefined && { body: arrives }),
      },
    }),
  ),
  {
    name: 'a stream is sent once, whole, and the response is there to be read',
    over: 'sockets',
    server: [503],
    calls: { a: { method: 'PUT', body: STREAM } },
    expected: {
      ends: { a: '503, answer 1' },
      arrivals: 'a',
      log: { a: 'sent 503 settled(not-replayable)' },
      body: binary(BYTES).repeat(2),
    },
  },
  {
    name: 'a stream is not sent again after a reset',
    over: 'sockets',
    server: ['reset'],
    calls: { a: { method: 'PUT', body: STREAM } },
    expected: { ends: { a: 'network failure' }, arrivals: 'a', log: { a: 'sent failed settled(not-replayable)' } },
  },
  {
    name: 'a stream is used up even where nobody listens',
    over: 'sockets',
    server: 'nobody',
    calls: { a: { method: 'PUT', body: STREAM } },
    expected: { ends: { a: 'network failure' }, arrivals: '', log: { a: 'sent failed settled(not-replayable)' } },
  },
];

function utf8(text: string): string {
  return binary(new TextEncoder().encode(text));
}

/** A character for each byte, as the server tells it. */
function binary(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function form(): FormData {
  const made = new FormData();
  made.append('name', 'Zoë');
  made.append('file', new Blob([BYTES], { type: 'image/png' }), 'face.png');
  return made;
}

/** The form under the boundary that its header names. */
function formUnder(contentType: string): string {
  const boundary = contentType.split('boundary=')[1] ?? 'none';
  const name = `Content-Disposition: form-data; name="name"\r\n\r\n${utf8('Zoë')}\r\n`;
  const file = `Content-Disposition: form-data; name="file"; filename="face.png"\r\nContent-Type: image/png\r\n\r\n`;
  return `--${boundary}\r\n${name}--${boundary}\r\n${file}${binary(BYTES)}\r\n--${boundary}--\r\n`;
}
