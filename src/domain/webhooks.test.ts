import { expect, it } from 'vitest';
import { DAY, HOUR } from '../lib/time.ts';
import { LONGEST_PAUSE_MS, nextAttemptAt } from './webhooks.ts';

const NOW = new Date('2026-11-26T00:00:00.000Z');

/** When each attempt after the first one is made, with the pauses as `chance` has them. */
function attemptsAt(chance: number): Date[] {
  const times: Date[] = [];
  for (let at: Date | null = NOW; at !== null; ) {
    at = nextAttemptAt(times.length + 1, at, chance);
    if (at !== null) times.push(at);
  }
  return times;
}

it.each([0, 0.5, 0.999])(
  'attempts go on for about a day, each pause at least as long as the one before (%d)',
  (chance) => {
    const times = attemptsAt(chance);
    const last = (times.at(-1)?.getTime() ?? 0) - NOW.getTime();

    expect(last).toBeGreaterThan(20 * HOUR);
    expect(last).toBeLessThan(1.2 * DAY);
    const pauses = times.map((time, at) => time.getTime() - (times[at - 1] ?? NOW).getTime());
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
  },
);

it('what failed together does not come back together', () => {
  expect(nextAttemptAt(3, NOW, 0)).not.toEqual(nextAttemptAt(3, NOW, 0.9));
});
