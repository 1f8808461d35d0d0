import { expect, test } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import type { DatabaseLook } from '../../domain/known-database.ts';
import { EXIT } from '../exit-codes.ts';

const LOOK: DatabaseLook = { kind: 'strange', identity: '2026-11-27T03:00:00.000Z', forgotten: ['sto_1', 'sto_2'] };

function onDatabase(look: DatabaseLook) {
  let accepted = 0;
  const actions = {
    lookAtDatabase: async () => look,
    acceptDatabase: async () => {
      accepted += 1;
      return look;
    },
  };
  return { actions, accepted: () => accepted };
}

test('database accept says which stores it knows nothing of, and what comes of it', async () => {
  const { actions, accepted } = onDatabase(LOOK);
  const { code, stdout } = await shopctl(['database', 'accept', '--yes'], actions);
  expect([code, accepted()]).toEqual([EXIT.ok, 1]);
  expect(stdout).toContain('sto_1, sto_2');
});

test('without --yes a person is asked; nobody to ask is a usage error, another word a no', async () => {
  const { actions, accepted } = onDatabase(LOOK);
  const deaf = await shopctl(['database', 'accept'], actions);
  const no = await shopctl(['database', 'accept'], actions, { answer: 'no' });
  expect([deaf.code, no.code, accepted()]).toEqual([EXIT.usage, EXIT.failed, 0]);
  expect(deaf.stderr).toContain('2 stores');

  expect((await shopctl(['database', 'accept'], actions, { answer: 'accept' })).code).toBe(EXIT.ok);
  expect(accepted()).toBe(1);
});

test('one that is known needs no word', async () => {
  const { actions } = onDatabase({ ...LOOK, kind: 'known', forgotten: [] });
  expect((await shopctl(['database', 'accept'], actions)).code).toBe(EXIT.ok);
});
