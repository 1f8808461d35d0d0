import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createClosedStoreWatch } from './keep-closed-stores-still.ts';

const IDS = ['sto_runs', 'sto_rests', 'sto_opens', 'sto_half'] as const;
const STATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sto_runs: { web: 'running', db: 'running' },
  sto_rests: { web: 'stopped', db: 'missing' },
  sto_opens: { web: 'running', db: 'running' },
  sto_half: { web: 'stopped', db: 'unhealthy' },
};

test('what runs of a closed store is stopped, unless somebody works on the store', async () => {
  const stopped: string[] = [];
  const watch = createClosedStoreWatch({
    closedStores: async () => IDS.map((id) => aStore({ id, status: 'suspended' })),
    isLeased: async (id) => id === 'sto_opens',
    states: async ({ id }) => STATES[id] ?? {},
    stop: async ({ id }) => void stopped.push(id),
    log: () => undefined,
  });

  await watch();

  expect(stopped).toEqual(['sto_runs', 'sto_half']);
});
