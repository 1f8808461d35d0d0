import { expect, test } from 'vitest';
import type { DeskCapacity } from '../../services/desk.ts';
import { daysLeftInWords, isShort, shareUsed, usedInWords } from './capacity.ts';

const GIB = 1024 ** 3;
const ports = (over: Partial<DeskCapacity> = {}): DeskCapacity => ({
  resource: 'ports',
  used: 10,
  size: 1000,
  daysLeft: null,
  ...over,
});

test('numbers are numbers, bytes are gigabytes', () => {
  expect(usedInWords(ports({ size: 12_000 }))).toBe('10 of 12,000');
  expect(usedInWords(ports({ resource: 'memory', used: 3.25 * GIB, size: 24 * GIB }))).toBe('3.3 of 24 GB');
});

test('what is left is told as no more than it is', () => {
  expect(daysLeftInWords(ports())).toBe('not growing');
  expect(daysLeftInWords(ports({ daysLeft: 0 }))).toBe('less than a day left at this pace');
  expect(daysLeftInWords(ports({ daysLeft: 1 }))).toBe('about 1 day left at this pace');
  expect(daysLeftInWords(ports({ daysLeft: 4000 }))).toBe('more than a year left at this pace');
});

test('it is short when nine tenths are gone or two weeks are left', () => {
  expect([isShort(ports({ used: 899 })), isShort(ports({ used: 900 }))]).toEqual([false, true]);
  expect([isShort(ports({ daysLeft: 14 })), isShort(ports({ daysLeft: 13 }))]).toEqual([false, true]);
  expect([shareUsed(ports({ used: 2000 })), shareUsed({ used: 0, size: 0 })]).toEqual([1, 1]);
});
