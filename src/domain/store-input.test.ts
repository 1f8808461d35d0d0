import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInputError } from './errors.ts';
import { parseEmail, parseTitle } from './store-input.ts';

describe('parseTitle', () => {
  test.each([
    "O'Hara & Söhne",
    '$(id) `id` ${HOME}',
    '--exec=echo X',
    '-',
    '🛒 Laden',
    '"; DROP TABLE stores;--',
    '<b>x</b>',
  ])('%s is just a title', (title) => expect(parseTitle(title)).toBe(title));

  test('a mark that turns text around is taken out', () => {
    expect(parseTitle('shop\u202Egnp.exe')).toBe('shopgnp.exe');
  });

  test.each(['', '   ', 'a\nb', 'a\0b', 'a\u2028b', 'x'.repeat(121), 'x'.repeat(10_000)])('%j is refused', (title) => {
    expect(() => parseTitle(title)).toThrow(InvalidInputError);
  });

  test('what is accepted holds no control character and is accepted again unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let title: string;
        try {
          title = parseTitle(text);
        } catch (error) {
          return error instanceof InvalidInputError;
        }
        return parseTitle(title) === title && !/[\0\r\n]/.test(title);
      }),
    );
  });
});

describe('parseEmail', () => {
  test('is trimmed and lower-cased', () => expect(parseEmail(' Owner@Example.COM ')).toBe('owner@example.com'));

  test.each([
    '',
    'x',
    '@example.com',
    'a@b',
    '-a@example.com',
    'a b@example.com',
    'a@example.com\nBcc: x@example.com',
    `${'a'.repeat(300)}@example.com`,
    'a"b@example.com',
    '<a@example.com>',
  ])('%j is refused', (email) => expect(() => parseEmail(email)).toThrow(InvalidInputError));
});
