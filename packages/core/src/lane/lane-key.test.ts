import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laneKeyOf } from './lane-key.ts';

/** Where the platform's own parser places a URL, which is where the request goes; undefined if nowhere. */
function hostOf(url: string): string | undefined {
  const { hostname, port } = URL.parse(url) ?? { hostname: '', port: '' };
  if (hostname === '') return undefined;
  const name = hostname.toLowerCase().replace(/(.)\.$/, '$1');
  return port === '' ? name : `${name}:${port}`;
}

function keyOf(url: string): string | undefined {
  try {
    return laneKeyOf(url);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return undefined;
  }
}

describe('the lane of', () => {
  test.each([
    ['https://api.example.com/v1', 'api.example.com'],
    ['https://api.example.com', 'api.example.com'],
    ['https://api.example.com?q=1', 'api.example.com'],
    ['https://api.example.com#top', 'api.example.com'],
    ['https://API.Example.COM/v1', 'api.example.com'],
    ['HTTPS://api.example.com:443/', 'api.example.com'],
    ['https://api.example.com:443/', 'api.example.com'],
    ['http://api.example.com:80/', 'api.example.com'],
    ['http://api.example.com:443/', 'api.example.com:443'],
    ['https://api.example.com:80/', 'api.example.com:80'],
    ['https://api.example.com:8443/', 'api.example.com:8443'],
    ['https://api.example.com:08443/', 'api.example.com:8443'],
    ['https://api.example.com:0/', 'api.example.com:0'],
    ['https://api.example.com:/', 'api.example.com'],
    ['https://api.example.com./v1', 'api.example.com'],
    ['https://api.example.com.:8443/v1', 'api.example.com:8443'],
    ['https://user:pass@api.example.com/', 'api.example.com'],
    ['https://user:p%40ss@api.example.com:8443/', 'api.example.com:8443'],
    ['wss://api.example.com:443/', 'api.example.com'],
    ['ftp://files.example.com:21/', 'files.example.com'],
    ['redis://Cache.example.com:80/', 'cache.example.com:80'],
    ['http://localhost:3000/', 'localhost:3000'],
    ['http://my_service/', 'my_service'],
    ['http://[::1]:80/', '[::1]'],
    ['http://[0:0::1]:3000/', '[::1]:3000'],
    ['https://[2001:DB8::1]/', '[2001:db8::1]'],
    ['http://127.0.0.1:3000/', '127.0.0.1:3000'],
    ['http://127.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.0.0.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://xn--bcher-kva.example/', 'xn--bcher-kva.example'],
    ['https://ex%61mple.com/', 'example.com'],
    ['http://./', '.'],
  ])('%s is %s', (url, key) => {
    expect(laneKeyOf(url)).toBe(key);
  });
});

describe('a URL that hides its host', () => {
  test.each([
    ['http://a@b', 'b'],
    ['http://a.com:80@b.com/', 'b.com'],
    ['http://a\\@b', 'a'],
    ['http://a.com\\.b.com/', 'a.com'],
    ['http:\\\\a.com/?next=http://b.com/', 'a.com'],
    ['http:a.com/?next=http://b.com/', 'a.com'],
    ['http:/a.com/http://b.com/', 'a.com'],
    ['http:////a.com/', 'a.com'],
    ['http:/\n/a.com/http://b.com/', 'a.com'],
    ['ht\ttp://a.com/', 'a.com'],
    [' \n http://a.com/', 'a.com'],
    ['\u0000https://a.com:443/', 'a.com'],
    ['http://a.c\tom/', 'a.com'],
    ['http://a.com:8\n0/', 'a.com'],
    ['http://a.com\t:8080/', 'a.com:8080'],
    ['http://a.com#@b.com/', 'a.com'],
    ['http://a.com?@b.com/', 'a.com'],
    ['http://a.com。b.com/', 'a.com.b.com'],
  ])('%j is of the lane where the request goes: %s', (url, key) => {
    expect(hostOf(url)).toBe(key);
    expect(laneKeyOf(url)).toBe(key);
  });

  test.each([
    '',
    'api.example.com',
    '/v1/items',
    '//api.example.com/v1',
    '/proxy/http://b.com/',
    '//a.com/http://b.com/',
    'data:text/plain,http://b.com/',
    'mailto:me@b.com',
    'file:///etc/hosts',
    'http://',
    'http://a b/',
    'http://a.com:99999/',
    'http://a.com:8o/',
    'http://256.0.0.1/',
    'http://1.2.3.4.5/',
    'http://[::1/',
    'http://a%2fb/',
  ])('%j has none and is refused', (url) => {
    expect(hostOf(url)).toBeUndefined();
    expect(() => laneKeyOf(url)).toThrow(TypeError);
  });

  test('is refused without showing its password or query', () => {
    expect(() => laneKeyOf('http://user:secret@a b/?token=secret')).toThrow(
      new TypeError("expected an absolute URL with a host, got 'a b/'"),
    );
  });
});

describe('for any URL', () => {
  const scheme = fc.constantFrom('http', 'https', 'HTTP', 'Https', 'ws', 'wss', 'ftp', 'foo', 'file', '');
  const slashes = fc.constantFrom('://', '://', '://', ':', ':/', ':///', ':\\\\', ':/\\', '//', '/');
  const userinfo = fc.constantFrom('', '', '', 'user@', 'user:pw@', 'a.com@', 'a.com:80@', 'a.com\\@', ':@', '@', 'ü@');
  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9_-]{1,5}$/),
    fc.stringMatching(/^[0-9]{1,4}$/),
    fc.constantFrom(
      'A',
      'xn--a',
      'xn--bcher-kva',
      'bücher',
      'ß',
      '0x1f',
      '0x',
      '',
      '%41',
      '%2e',
      '。',
      '﷐',
      '日本',
      '*',
    ),
  );
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const ip = fc.oneof(
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const host = fc.oneof({ weight: 3, arbitrary: name }, ip, fc.domain());
  const dot = fc.constantFrom('', '', '', '.', '..');
  const port = fc.oneof(
    fc.constantFrom('', '', ':80', ':443', ':21', ':', ':0', ':080', ':65535', ':65536', ':8o', ':-1', ':８０'),
    fc.nat(70_000).map((number) => `:${number}`),
  );
  const tail = fc.constantFrom('', '/', '/x', '?q', '#f', '\\x', '/http://b.com/', '?u=http://b.com', '#@b.com', '/@b');
  const clean = fc.tuple(scheme, slashes, userinfo, host, dot, port, tail).map((parts) => parts.join(''));
  const blank = fc.constantFrom('', '\t', '\n', '\r', ' ', '\u0000', '\u001f', '\u00a0', '\u00ad', '\ufeff');
  const smudged = fc.tuple(clean, blank, fc.nat(60)).map(([url, mark, at]) => url.slice(0, at) + mark + url.slice(at));

  test('that is made to be hard, the lane is the host of the platform’s parser, or there is none in either', () => {
    const url = fc.oneof(clean, smudged);
    fc.assert(
      fc.property(url, (text) => {
        expect(keyOf(text)).toBe(hostOf(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('that is like those in use, too', () => {
    const url = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string(), fc.webUrl());
    fc.assert(
      fc.property(url, (text) => {
        expect(keyOf(text)).toBe(hostOf(text));
      }),
      { numRuns: 5_000 },
    );
  });
});
