import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apiTokenOf, hintOf, isApiToken, scopesFor } from './api-token.ts';

const RANDOM = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('every token has the one shape that scanners look for, and no two random numbers make the same one', () => {
  fc.assert(
    fc.property(RANDOM, RANDOM, (one, other) => {
      const token = apiTokenOf(one);
      expect(token).toMatch(/^shp_[0-9A-Za-z]{49}$/);
      expect(isApiToken(token)).toBe(true);
      expect(apiTokenOf(other) === token).toBe(Buffer.compare(one, other) === 0);
    }),
  );
});

it('one with any sign changed, cut off or put behind is told to be none, without a look at what is kept', () => {
  const token = apiTokenOf(new Uint8Array(32).fill(7));
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'x' ? 'y' : 'x';
    expect(isApiToken(`${token.slice(0, at)}${other}${token.slice(at + 1)}`)).toBe(false);
  }
  for (const text of ['', 'shp_', token.slice(1), token.slice(0, -1), `${token}0`, ` ${token}`, `${token}\n`]) {
    expect(isApiToken(text)).toBe(false);
  }
});

it('what is shown of one later is far from enough', () => {
  expect(hintOf(apiTokenOf(new Uint8Array(32)))).toMatch(/^shp_.{4}$/);
});

it('only operators can give what is an operator’s', () => {
  expect(scopesFor('customer').filter((scope) => scope.startsWith('desk:'))).toEqual([]);
  expect(scopesFor('operator')).toContain('desk:write');
});
