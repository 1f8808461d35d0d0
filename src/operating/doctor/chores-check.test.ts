import { expect, it } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { choresCheck } from './chores-check.ts';

const NOW = new Date('2026-02-03T12:00:00.000Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE);
const run = (ranAt: Date | undefined) =>
  choresCheck(
    async () => [
      { name: 'certificates', everyMs: 60 * MINUTE, ranAt },
      { name: 'deletions', everyMs: MINUTE, ranAt: ago(1) },
    ],
    () => NOW,
  ).run(new AbortController().signal);

it('names the chore that was expected and not seen, and by when', async () => {
  expect(await run(ago(182))).toEqual({
    status: 'warn',
    message: 'Not seen: certificates, every 3600 s, was expected by 2026-02-03T11:59:00.000Z.',
    fix: 'shopctl restart worker',
  });
});

it('is content with turns that are a little late, and with those that have not come yet', async () => {
  expect(await run(ago(179))).toMatchObject({ status: 'ok' });
  expect(await run(undefined)).toMatchObject({ status: 'ok', message: '1 chores had their turns, 1 not yet.' });
});
