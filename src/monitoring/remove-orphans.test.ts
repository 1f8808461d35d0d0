import { expect, test } from 'vitest';
import { createOrphanRemoval } from './remove-orphans.ts';

test('what belongs to no store goes at the second look, what belongs to one never', async () => {
  const removed: string[] = [];
  const look = createOrphanRemoval({
    knownToEngine: async () => new Set(['sto_alive', 'sto_gone']),
    exists: async (storeId) => storeId === 'sto_alive',
    remove: async (storeId) => void removed.push(storeId),
    log: () => undefined,
  });

  await look();
  expect(removed).toEqual([]);
  await look();
  expect(removed).toEqual(['sto_gone']);
});
