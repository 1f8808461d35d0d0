import { expect, it } from 'vitest';
import { MINUTE } from '../lib/time.ts';
import { missingChores } from './chores.ts';

const NOW = new Date('2026-02-03T12:00:00.000Z');
const turn = (name: string, minutesAgo: number | undefined) => ({
  name,
  everyMs: 10 * MINUTE,
  ranAt: minutesAgo === undefined ? undefined : new Date(NOW.getTime() - minutesAgo * MINUTE),
});

it('a chore is missed after three turns and a minute, one that never had a turn is not', () => {
  const turns = [turn('late', 31), turn('gone', 32), turn('new', undefined)];

  expect(missingChores(turns, NOW)).toEqual([
    { name: 'gone', everyMs: 10 * MINUTE, expectedBy: new Date('2026-02-03T11:59:00.000Z') },
  ]);
});
