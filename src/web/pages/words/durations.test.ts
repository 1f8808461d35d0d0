import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../lib/time.ts';
import { agoInWords, aheadInWords, clock, elapsedInWords, exactTime, guessInWords, waitInWords } from './durations.ts';

describe('durations in words', () => {
  it.each([
    [-5, '0:00'],
    [7.9 * SECOND, '0:07'],
    [72 * SECOND, '1:12'],
    [HOUR + 2 * MINUTE + 9 * SECOND, '1:02:09'],
  ])('a clock at %d ms stands at %s', (ms, words) => expect(clock(ms)).toBe(words));

  it.each([
    [120, '0.1 s'],
    [9.94 * SECOND, '9.9 s'],
    [9.96 * SECOND, '10 s'],
    [59.6 * SECOND, '1 min 0 s'],
    [65 * SECOND, '1 min 5 s'],
  ])('a step of %d ms took %s', (ms, words) => expect(elapsedInWords(ms)).toBe(words));

  it.each([
    [0, 'a few seconds'],
    [12 * SECOND, '15 seconds'],
    [54.9 * SECOND, '55 seconds'],
    [70 * SECOND, 'a minute'],
    [2.2 * MINUTE, '2 minutes'],
    [3 * HOUR, '3 hours'],
  ])('a guess of %d ms is %s', (ms, words) => expect(guessInWords(ms)).toBe(words));

  it.each([
    [1, 'one second'],
    [41.2 * SECOND, '42 seconds'],
    [91 * SECOND, '2 minutes'],
    [2 * HOUR, '2 hours'],
  ])('whoever has to wait %d ms is told %s, never less', (ms, words) => expect(waitInWords(ms)).toBe(words));

  it.each([
    [-SECOND, 'just now'],
    [MINUTE, '1 minute ago'],
    [5.5 * HOUR, '5 hours ago'],
    [3 * DAY, '3 days ago'],
  ])('%d ms back is %s', (ms, words) => expect(agoInWords(ms)).toBe(words));

  it.each([
    [-SECOND, 'any moment'],
    [20 * SECOND, 'within a minute'],
    [4.2 * MINUTE, 'in 5 minutes'],
    [HOUR, 'in 60 minutes'],
    [11.5 * HOUR, 'in 12 hours'],
    [DAY + HOUR, 'in 2 days'],
  ])('what comes %d ms from now comes %s', (ms, words) => expect(aheadInWords(ms)).toBe(words));

  it('the exact time is in UTC, wherever the machine stands', () => {
    expect(exactTime('2026-11-25T17:26:10.000Z')).toBe('25 Nov 2026, 17:26 UTC');
  });
});
