import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { looksOf } from '../../test/fakes/looks-of.ts';
import type { ServiceLooks } from '../domain/service-looks.ts';
import { createClosedStoreWatch } from './keep-closed-stores-still.ts';

const IDS = ['sto_odd', 'sto_stuck', 'sto_runs', 'sto_rests', 'sto_open', 'sto_half'] as const;
const LOOKS: Readonly<Record<string, ServiceLooks>> = {
  sto_stuck: looksOf({ web: 'running', db: 'running' }),
  sto_runs: looksOf({ web: 'running', db: 'running' }),
  sto_rests: looksOf({ web: 'stopped', db: 'missing' }),
  sto_open: looksOf({ web: 'running', db: 'running' }),
  sto_half: looksOf({ web: 'stopped', db: 'unhealthy' }),
};

test('what runs of a closed store is stopped, unless it is open by now, and whatever befalls another', async () => {
  const stopped: string[] = [];
  const failed: string[] = [];
  const watch = createClosedStoreWatch({
    closedStores: async () => IDS.map((id) => aStore({ id, status: 'suspended' })),
    look: async ({ id }) => LOOKS[id] ?? Promise.reject(new Error('The engine does not know.')),
    mayStop: async (id) => id !== 'sto_open',
    stop: async ({ id }) => {
      if (id === 'sto_stuck') throw new Error('It does not end.');
      stopped.push(id);
    },
    log: () => undefined,
    onError: (id) => void failed.push(id),
  });

  await watch();

  expect(stopped).toEqual(['sto_runs', 'sto_half']);
  expect(failed).toEqual(['sto_odd', 'sto_stuck']);
});
