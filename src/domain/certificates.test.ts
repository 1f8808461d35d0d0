import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../lib/time.ts';
import { isRenewalDue, isStagingDirectory, LETS_ENCRYPT, LETS_ENCRYPT_STAGING, pauseAfter } from './certificates.ts';

const START = new Date('2026-01-01T00:00:00Z');
const after = (ms: number): Date => new Date(START.getTime() + ms);
const isDue = (lifetime: number, age: number): boolean =>
  isRenewalDue({ notBefore: START, notAfter: after(lifetime) }, after(age));

test('a certificate is due with 30 days left, a short-lived one with a third of its life left', () => {
  expect(isDue(90 * DAY, 59 * DAY)).toBe(false);
  expect(isDue(90 * DAY, 61 * DAY)).toBe(true);
  expect(isDue(365 * DAY, 300 * DAY)).toBe(false);
  expect(isDue(6 * DAY, 3.9 * DAY)).toBe(false);
  expect(isDue(6 * DAY, 4.1 * DAY)).toBe(true);
  expect(isDue(6 * DAY, 7 * DAY)).toBe(true);
});

test("the pauses after refusals keep below Let's Encrypt's five failures per name and hour, and end at a day", () => {
  const pauses = [1, 2, 3, 4].map((count) => pauseAfter('refused', count));

  expect(pauses).toEqual([15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR]);
  expect(pauseAfter('refused', 1000)).toBe(DAY);
  expect(pauseAfter('rate-limited', 1)).toBe(2 * HOUR);
});

test('a name that does not lead here costs nobody anything, so it may be asked for again at once', () => {
  expect(pauseAfter('dns', 3)).toBe(0);
});

test('staging is told by its address', () => {
  expect(isStagingDirectory(LETS_ENCRYPT_STAGING)).toBe(true);
  expect(isStagingDirectory('https://api.test4.example.no/acme/directory')).toBe(true);
  expect(isStagingDirectory(LETS_ENCRYPT)).toBe(false);
  expect(isStagingDirectory('https://acme.latest-greatest.example/directory')).toBe(false);
});
