import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHostname, parseDomainName, parseStoreName } from './domain-name.ts';
import { InvalidInputError } from './errors.ts';

const OWN = { baseDomain: 'shops.example.net', ownHosts: ['panel.example.org', 'localhost'] };
const parse = (text: string): string => parseDomainName(text, OWN);

/** What came of it: the name, or the sentence. Anything else thrown is a bug and fails the test. */
function outcome(run: () => string): { name: string } | { field: string; sentence: string } {
  try {
    return { name: run() };
  } catch (error) {
    if (error instanceof InvalidInputError) return { field: error.field, sentence: error.message };
    throw error;
  }
}

describe('a domain', () => {
  it.each([
    ['Shop.Example.COM', 'shop.example.com'],
    ['shop.example.com.', 'shop.example.com'],
    ['  shop.example.com\n', 'shop.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['日本.jp', 'xn--wgv71a.jp'],
    ['shop。example。com', 'shop.example.com'],
    ['a.co.uk', 'a.co.uk'],
    ['my.shop.test', 'my.shop.test'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('%j is kept as %s', (typed, kept) => {
    expect(parse(typed)).toBe(kept);
  });

  it('may be 253 characters long and not one more', () => {
    const name = `${`${'a'.repeat(49)}.`.repeat(5)}abc`;

    expect(parse(name)).toHaveLength(253);
    expect(() => parse(`a${name}`)).toThrow(/253|63/);
  });

  it.each([
    ['', /like shop.example.com/],
    ['   ', /like shop.example.com/],
    ['shop', /ending/],
    ['com', /ending|registered/],
    ['co.uk', /registered below/],
    ['github.io', /registered below/],
    ['10.0.0.1', /address/],
    ['0x7f.1', /address/],
    ['2130706433', /address/],
    ['[::1]', /address/],
    ['::1', /address/],
    ['shop.example.com:8443', /port/],
    ['https://shop.example.com', /without https/],
    ['shop.example.com/path', /path/],
    ['user@shop.example.com', /path/],
    ['shop%2eexample.com', /path/],
    ['*.example.com', /without \*/],
    ['shop..example.com', /two dots/],
    ['.shop.example.com', /two dots/],
    ['shop.example.com..', /two dots/],
    ['-shop.example.com', /hyphen/],
    ['shop-.example.com', /hyphen/],
    ['my_shop.example.com', /letters, digits/],
    ['shop.example.123', /number|not a domain/],
    ['shop\u202e.example.com', /invisible/],
    ['shop\u00ad.example.com', /invisible/],
    ['shop\0.example.com', /invisible/],
    ['shop\n.example.com', /invisible/],
    ['my shop.example.com', /space/],
    ['shop.example.com;}', /letters, digits/],
    ['shop.$(id).com', /letters, digits|not a domain/],
    ['`id`.example.com', /letters, digits|not a domain/],
    [`${'a'.repeat(64)}.example`, /63/],
    ['shops.example.net', /platform/],
    ['demo.SHOPS.example.net.', /platform/],
    ['panel.example.org', /platform/],
    ['x.panel.example.org', /platform/],
    ['demo.localhost', /platform/],
    ['printer.local', /internet/],
    ['shop.invalid', /internet/],
    ['xn--a.com', /not a domain/],
  ])('%j is refused with what to do', (typed, sentence) => {
    expect(outcome(() => parse(typed))).toEqual({ field: 'domain', sentence: expect.stringMatching(sentence) });
  });

  it('of 10,000 characters is refused before anything looks at it', () => {
    expect(outcome(() => parse('a.'.repeat(5000)))).toEqual({
      field: 'domain',
      sentence: expect.stringMatching(/too long/),
    });
    expect(outcome(() => parseStoreName('a'.repeat(10_000)))).toMatchObject({ field: 'name' });
  });

  it('whatever is typed, the result is a host name that parses to itself, or a sentence that repeats none of it', () => {
    const label = fc.oneof(fc.domain(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(
        fc.oneof(
          label,
          fc.tuple(label, label).map((parts) => parts.join('.')),
        ),
        (typed) => {
          const result = outcome(() => parse(typed));
          if ('sentence' in result) {
            expect(result.sentence).toMatch(/^[ -~]+$/);
            return;
          }
          expect(isHostname(result.name)).toBe(true);
          expect(parse(result.name)).toBe(result.name);
          expect(parse(`${result.name.toUpperCase()}.`)).toBe(result.name);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('nothing below our own names is ever given away', () => {
    fc.assert(
      fc.property(fc.domain(), fc.constantFrom(OWN.baseDomain, ...OWN.ownHosts), (sub, ours) => {
        expect(() => parse(`${sub}.${ours}`)).toThrow(InvalidInputError);
      }),
    );
  });
});

describe('a store name', () => {
  it.each([
    ['demo', 'demo'],
    [' Demo ', 'demo'],
    ['a1b', 'a1b'],
    ['my-shop-2', 'my-shop-2'],
    ['a'.repeat(40), 'a'.repeat(40)],
  ])('%j is kept as %s', (typed, kept) => {
    expect(parseStoreName(typed)).toBe(kept);
  });

  it.each([
    ['', /Give your shop a name/],
    ['ab', /3 to 40/],
    ['a'.repeat(41), /3 to 40/],
    ['-demo', /Begin and end/],
    ['demo-', /Begin and end/],
    ['--exec=echo', /letters a to z/],
    ['xn--bcher-kva', /two hyphens/],
    ['ab--cd', /two hyphens/],
    ['my_shop', /letters a to z/],
    ['my.shop', /letters a to z/],
    ['büch', /letters a to z/],
    ['shop;id', /letters a to z/],
    ['shop\u202e', /letters a to z/],
    ['sho\np', /letters a to z/],
    ['www', /kept for the platform/],
    ['ADMIN', /kept for the platform/],
    ['api', /kept for the platform/],
    ['ns1', /kept for the platform/],
    ['localhost', /kept for the platform/],
    ['shophosting', /kept for the platform/],
  ])('%j is refused with what to do', (typed, sentence) => {
    expect(outcome(() => parseStoreName(typed))).toEqual({ field: 'name', sentence: expect.stringMatching(sentence) });
  });

  it('whatever is typed, the result makes a host name of the base domain, or a sentence', () => {
    const typed = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abz019-'), maxLength: 45 }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const result = outcome(() => parseStoreName(text));
        if ('sentence' in result) return;
        expect(result.name).toMatch(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/);
        expect(isHostname(`${result.name}.localhost`)).toBe(true);
        expect(parseStoreName(result.name)).toBe(result.name);
      }),
      { numRuns: 2000 },
    );
  });
});
