import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicUrl } from './public-url.ts';

describe('a URL is shown', () => {
  test.each([
    ['https://api.example.com/v1/items?token=secret', 'https://api.example.com/v1/items', 'without its query'],
    ['https://api.example.com/v1#secret', 'https://api.example.com/v1', 'without its fragment'],
    ['https://user:secret@api.example.com/v1', 'https://api.example.com/v1', 'without its userinfo'],
    ['https://secret@api.example.com', 'https://api.example.com/', 'without a user alone'],
    ['https://u:p@ss:secret@api.example.com/', 'https://api.example.com/', 'whatever the password is made of'],
    ['https:\\\\user:secret@api.example.com/', 'https://api.example.com/', 'however its slashes lean'],
    ['http:/\n/user:secret@api.example.com/', 'http://api.example.com/', 'whatever a parser steps over'],
    ['https://api.example.com/@scope/name', 'https://api.example.com/@scope/name', 'with an @ of its path'],
    ['https://api.example.com/?mail=a@b.example', 'https://api.example.com/', 'without an @ of its query'],
    ['http://a.example\\@b.example', 'http://a.example/@b.example', 'by the host that it goes to'],
    ['https://api.example.com:8443/a%20b', 'https://api.example.com:8443/a%20b', 'otherwise as it was written'],
    ['http://user:secret@a b/', 'a b/', 'without what may be a password, if it is no URL'],
    ['http://user:se/cret@api.example.com:x/?q', 'api.example.com:x/', 'the same, cut short by a slash'],
    ['http://user:se?cret@api.example.com:x/?q', 'api.example.com:x/', 'the same, cut short by a question mark'],
    ['http://user:se@cret@a b/', 'a b/', 'the same, whatever the password is made of'],
    ['https://api.example.com', 'https://api.example.com', 'without a slash that it did not have'],
    ['/v1/items?token=secret', '/v1/items', 'also when it is relative'],
    ['', '', 'also when it is empty'],
  ])('%j as %j: %s', (url, shown) => {
    expect(publicUrl(url)).toBe(shown);
  });

  test('never with a password or a query, whatever they are made of', () => {
    const secret = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((text) => `§§${text}§§`);
    const marked = (text: string): boolean => /§|%C2%A7/i.test(text);
    fc.assert(
      fc.property(fc.constantFrom('http', 'https', 'HTTP'), fc.webPath(), secret, (scheme, path, text) => {
        const encoded = encodeURIComponent(text.toWellFormed());
        expect(marked(publicUrl(`${scheme}://user:${encoded}@api.example.com${path}`))).toBe(false);
        expect(marked(publicUrl(`${scheme}://user:${text.replace(/[/\\?#]/g, '')}@api.example.com${path}`))).toBe(
          false,
        );
        expect(marked(publicUrl(`${scheme}://api.example.com${path}?${text}`))).toBe(false);
        expect(marked(publicUrl(`${scheme}://api.example.com${path}#${text}`))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
