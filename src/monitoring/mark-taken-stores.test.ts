import { expect, it } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createTakenStoresMarking } from './mark-taken-stores.ts';

const OPEN = new Date(0);

it('marks what was open once and does not leave, until all is marked; whoever is being made is looked at first', async () => {
  const did: string[] = [];
  let isIll = true;
  const round = createTakenStoresMarking({
    stores: async () => [
      aStore({ id: 'sto_open', status: 'active', activeAt: OPEN }),
      aStore({ id: 'sto_closed', status: 'suspended', activeAt: OPEN }),
      aStore({ id: 'sto_failed', status: 'failed', activeAt: null }),
      aStore({ id: 'sto_leaving', status: 'deleting', activeAt: OPEN }),
    ],
    async mark({ id }) {
      if (isIll && id === 'sto_open') throw new Error('The disk is ill.');
      did.push(id);
    },
    onError: (id) => void did.push(`error ${id}`),
  });

  await round();
  expect(did.splice(0)).toEqual(['error sto_open', 'sto_closed']);
  isIll = false;
  await round();
  expect(did.splice(0)).toEqual(['sto_open', 'sto_closed']);
  await round();
  expect(did).toEqual([]);
});
