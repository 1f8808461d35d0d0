import { expect, test } from 'vitest';
import { ageOf, logWishFrom } from './log-wish.ts';

const NOW = new Date('2026-11-25T10:00:00.000Z');
const wishOf = (query: string) => logWishFrom(new URLSearchParams(query), NOW);

test('an address says all that a page of logs shows', () => {
  const wish = wishOf(
    'source=edge-access&tail=500&since=6h&level=error&level=warning&q=a b&until=2026-11-25T09:00:00Z',
  );

  expect(wish).toEqual({
    source: 'edge-access',
    tail: 500,
    since: '2026-11-25T04:00:00.000Z',
    until: '2026-11-25T09:00:00.000Z',
    levels: ['error', 'warning'],
    search: 'a b',
  });
  expect(wishOf('since=all')).toEqual({ tail: 300, levels: [], search: '' });
});

test.each([
  'source=../web',
  'source=WEB',
  'source=web%0a',
  'tail=1e9',
  'tail=-1',
  'since=constructor',
  'until=never',
  'level=loud&level=__proto__',
])('what is none of ours counts as not asked for: %s', (query) => expect(wishOf(query)).toEqual(wishOf('')));

test('a text to look for has an end', () => {
  expect(wishOf(`q=${'x'.repeat(10_000)}`).search).toHaveLength(200);
  expect(ageOf(new URLSearchParams('since=toString'))).toBe('24h');
});
