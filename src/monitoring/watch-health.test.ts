import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { looksOf } from '../../test/fakes/looks-of.ts';
import type { ServiceState } from '../domain/service-looks.ts';
import { createHealthWatch, healthOf } from './watch-health.ts';

test.each([
  [{ web: 'running', db: 'running', cache: 'running' }, 'healthy'],
  [{ web: 'running', db: 'running', cache: 'stopped' }, 'degraded'],
  [{ web: 'running', db: 'unhealthy', cache: 'running' }, 'degraded'],
  [{ web: 'running', db: 'stopped', cache: 'running' }, 'down'],
  [{ web: 'missing', db: 'running', cache: 'running' }, 'down'],
  [{ web: 'stopped', db: 'running', search: 'unhealthy' }, 'down'],
  [{ web: 'unhealthy', db: 'running', search: 'running' }, 'down'],
  [{ web: 'unhealthy', db: 'running', search: 'unhealthy' }, 'down'],
  [{ web: 'unhealthy', db: 'running', cache: 'unhealthy' }, 'down'],
  [{ web: 'unhealthy', db: 'unhealthy', search: 'running' }, 'down'],
  [{ web: 'unhealthy', db: 'unhealthy', search: 'unhealthy' }, 'down'],
  [{}, 'unknown'],
] as const)('%j is %s', (states, health) => {
  expect(healthOf(looksOf(states))).toBe(health);
});

test.each([
  ['search: Connection refused', 'running', 'degraded'],
  ['search: no such index', 'running', 'degraded'],
  ['search: Connection refused', 'unhealthy', 'down'],
  ['php-fpm is gone', 'running', 'down'],
  ['cache: Connection refused', 'running', 'down'],
  [null, 'running', 'down'],
] as const)('a web service that says %j beside a database that is %s is %s', (said, db, health) => {
  expect(healthOf({ ...looksOf({ db, search: 'unhealthy' }), web: { state: 'unhealthy', said } })).toBe(health);
});

test('writes only what changed, and reports a store whose containers are gone, unless somebody is at work on it', async () => {
  const recorded: unknown[] = [];
  const down: string[] = [];
  const watch = createHealthWatch({
    activeStores: async () => ['sto_a', 'sto_b', 'sto_c'].map((id) => aStore({ id, health: 'healthy' })),
    lookAtAll: async () => async (store) =>
      looksOf({ web: store.id === 'sto_a' ? 'running' : 'missing', db: 'running' }),
    record: async (...change) => void recorded.push(change),
    // A restart, say.
    isFree: async (id) => id !== 'sto_c',
    onDown: (store) => void down.push(store.id),
  });

  await watch();

  expect(recorded).toEqual([
    ['sto_b', 'down', 'web is missing'],
    ['sto_c', 'down', 'web is missing'],
  ]);
  expect(down).toEqual(['sto_b']);
});

test('keeps what the ill part says, also when only that is another, and forgets it once nothing is ill', async () => {
  let store = aStore({ health: 'degraded', healthDetail: 'search is unhealthy (its processes are frozen)' });
  let said: string | null = 'No index has all its data';
  let state: ServiceState = 'unhealthy';
  const watch = createHealthWatch({
    activeStores: async () => [store],
    lookAtAll: async () => async () => ({ ...looksOf({ web: 'running', db: 'running' }), search: { state, said } }),
    record: async (_id, health, healthDetail) => void (store = aStore({ health, healthDetail })),
    isFree: async () => true,
    onDown: () => undefined,
  });

  await watch();
  expect(store).toMatchObject({
    health: 'degraded',
    healthDetail: 'search is unhealthy (No index has all its data)',
  });

  [said, state] = [null, 'running'];
  await watch();
  expect(store).toMatchObject({ health: 'healthy', healthDetail: null });
});
