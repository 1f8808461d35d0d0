import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createHealthWatch, healthOf } from './watch-health.ts';

test.each([
  [{ web: 'running', db: 'running', cache: 'running' }, 'healthy'],
  [{ web: 'running', db: 'running', cache: 'stopped' }, 'degraded'],
  [{ web: 'running', db: 'unhealthy', cache: 'running' }, 'degraded'],
  [{ web: 'running', db: 'stopped', cache: 'running' }, 'down'],
  [{ web: 'missing', db: 'running', cache: 'running' }, 'down'],
  [{}, 'unknown'],
] as const)('%j is %s', (states, health) => {
  expect(healthOf(states)).toBe(health);
});

test('writes only what changed, and reports a store whose containers are gone, unless somebody is at work on it', async () => {
  const recorded: string[] = [];
  const down: string[] = [];
  const watch = createHealthWatch({
    activeStores: async () => ['sto_a', 'sto_b', 'sto_c'].map((id) => aStore({ id, health: 'healthy' })),
    states: async (store) => ({ web: store.id === 'sto_a' ? 'running' : 'missing', db: 'running' }),
    record: async (id, health) => void recorded.push(`${id} ${health}`),
    // A restart, say.
    isFree: async (id) => id !== 'sto_c',
    onDown: (store) => void down.push(store.id),
  });

  await watch();

  expect(recorded).toEqual(['sto_b down', 'sto_c down']);
  expect(down).toEqual(['sto_b']);
});
