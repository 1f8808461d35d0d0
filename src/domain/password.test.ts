import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisePassword, parseNewPassword } from './password.ts';

const about = { email: 'annabelle-smith@example.test', storeName: 'my-little-shop' };
const parse = (text: string) => parseNewPassword(text, about);

describe('a new password', () => {
  it.each([
    'twelve chars',
    'ä'.repeat(6) + 'ö'.repeat(4) + 'üü',
    '🛒'.repeat(10) + '🛍️🎈',
    ' '.repeat(9) + 'a b',
    'a\nb\tc\u0000defghij',
  ])('may be %j', (text) => {
    expect(parse(text)).toBe(text.normalize('NFC'));
  });

  it('counts characters after composing them', () => {
    const composed = 'äöüäöüäöüäö';
    expect(composed.normalize('NFD').length).toBeGreaterThan(12);
    expect(() => parse(composed.normalize('NFD'))).toThrow('too short');
    expect(parse('🛒🛍🎈'.repeat(85) + '🛒')).toHaveLength(512);
  });

  it.each([
    ['', 'Choose a password'],
    ['eleven char', 'too short'],
    ['abcd'.repeat(64) + 'e', 'too long'],
    ['x'.repeat(1_000_000), 'too long'],
    ['annabelle-smith@example.test', 'e-mail'],
    ['Annabelle-Smith', 'e-mail'],
    ['MY-LITTLE-SHOP', 'name of your shop'],
    ['passwordpassword', 'first to be guessed'],
    ['QwertyUiop123', 'first to be guessed'],
    ['aaaaaaaaaaaaaaaa', 'first to be guessed'],
    ['121212121212', 'first to be guessed'],
  ])('may not be %j', (text, why) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_input', field: 'password' }));
    expect(() => parse(text)).toThrow(why);
  });

  it('that is accepted is the one that logging in reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 10, maxLength: 300 }), (text) => {
        let password: string;
        try {
          password = parse(text);
        } catch {
          return;
        }
        expect(normalisePassword(text)).toBe(password);
        expect(normalisePassword(password)).toBe(password);
        expect(normalisePassword(text.normalize('NFD'))).toBe(password);
      }),
    );
  });
});
