import { expect, it } from 'vitest';
import { takenShopsCheck } from './taken-shops-check.ts';

const run = (...aside: { id: string; mark: string }[]) =>
  takenShopsCheck(async () => aside).run(new AbortController().signal);

it('names what was set aside, and both ways out', async () => {
  const found = await run({ id: 'sto_one', mark: '/var/customers/stores/sto_one/taken' });

  expect(found).toMatchObject({ status: 'fail', message: expect.stringContaining('sto_one') });
  expect(found.fix).toContain('lost-database.md');
  expect(found.fix).toContain('rm /var/customers/stores/sto_one/taken');
});

it('is content where nothing was', async () => {
  expect(await run()).toMatchObject({ status: 'ok' });
});
