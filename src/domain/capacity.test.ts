import { expect, test } from 'vitest';
import { type CapacityReading, daysLeft } from './capacity.ts';

const NOW = new Date('2026-11-26T12:00:00.000Z');
const ports = (used: number): CapacityReading => ({ resource: 'ports', used, size: 1000 });

test('days left go by the faster of the last 14 and 30 days', () => {
  // 100 in the last 30 days, all of them in the last 12: eight a day, not three.
  const samples = [
    { day: '2026-10-28', used: 500 },
    { day: '2026-11-14', used: 500 },
  ];

  expect(daysLeft(ports(600), samples, NOW)).toBe(50);
});

test('a month that grew is seen past two quiet weeks', () => {
  const samples = [
    { day: '2026-10-28', used: 300 },
    { day: '2026-11-14', used: 600 },
  ];

  expect(daysLeft(ports(600), samples, NOW)).toBe(39);
});

test('samples older than 30 days say nothing', () => {
  expect(daysLeft(ports(600), [{ day: '2026-09-01', used: 0 }], NOW)).toBeNull();
});

test('what did not grow, or shrank, or was just seen for the first time has no end in sight', () => {
  expect(daysLeft(ports(600), [{ day: '2026-11-16', used: 600 }], NOW)).toBeNull();
  expect(daysLeft(ports(600), [{ day: '2026-11-16', used: 700 }], NOW)).toBeNull();
  expect(daysLeft(ports(600), [{ day: '2026-11-26', used: 100 }], NOW)).toBeNull();
  expect(daysLeft(ports(600), [], NOW)).toBeNull();
});

test('nothing left is no days left, never fewer', () => {
  expect(daysLeft(ports(1000), [{ day: '2026-11-16', used: 500 }], NOW)).toBe(0);
  expect(daysLeft(ports(1100), [{ day: '2026-11-16', used: 500 }], NOW)).toBe(0);
});
