import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createOwnerLife } from './owner-life.ts';
import type { StoreLife } from './store-life.ts';

test('who acts as a customer changes no password of theirs, whatever page asks', async () => {
  const asked: string[] = [];
  const life = createOwnerLife({
    ofCustomer: async () => aStore(),
    count: async () => undefined,
    life: { rotate: async (id) => `run_${asked.push(id)}` } as Pick<StoreLife, 'rotate'> as StoreLife,
    planChoices: async () => ({ choices: [], diskBytes: null }),
    usage: { find: async () => undefined },
    hostnamesOf: async () => [],
    askCancel: async () => undefined,
  });

  const acting = { actor: 'cus_operator', as: 'cus_owner' };
  await expect(life.rotate('cus_owner', 'sto_1', 'admin', acting)).rejects.toMatchObject({ code: 'request_refused' });
  expect(asked).toEqual([]);
  await life.rotate('cus_owner', 'sto_1', 'admin', { actor: 'cus_owner' });
  expect(asked).toHaveLength(1);
});
