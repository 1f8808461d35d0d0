import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInputError } from './errors.ts';
import { FIRST_PLANS } from './plans.ts';
import { choosePlan, parseEmail, parseTitle } from './store-input.ts';

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

describe('choosePlan', () => {
  const small = { label: 'WordPress', leastMemoryMb: 512 };
  const large = { label: 'Magento', leastMemoryMb: 2048 };

  test('of none wished for: the default one, or the smallest that is large enough', () => {
    expect(choosePlan(FIRST_PLANS, undefined, small)).toBe('starter');
    expect(choosePlan(FIRST_PLANS, undefined, large)).toBe('business');
    expect(choosePlan(FIRST_PLANS.toReversed(), undefined, large)).toBe('business');
  });

  test('a larger one than needed may be wished for', () => {
    expect(choosePlan(FIRST_PLANS, 'scale', large)).toBe('scale');
  });

  test('one that is too small is refused with what is needed and what there is', () => {
    expect(() => choosePlan(FIRST_PLANS, 'starter', large)).toThrow(
      'Magento needs 2 GB of memory; the plan starter has 1 GB. Choose one of these: business, scale.',
    );
  });

  test('where no plan is large enough, none is chosen', () => {
    for (const wanted of [undefined, 'scale']) {
      expect(() => choosePlan(FIRST_PLANS, wanted, { ...large, leastMemoryMb: 8192 })).toThrow(
        'Magento needs 8 GB of memory; no plan has that much.',
      );
    }
  });
});
