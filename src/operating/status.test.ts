import { expect, test } from 'vitest';
import { lookAtMysql, lookAtRedis, lookAtWorkers } from './look-at.ts';
import { createStatus, type Look, NOT_YET } from './status.ts';

const up: Look = async () => ({ state: 'up', detail: '' });
const FACTS = { version: '1', publicUrl: 'https://localhost/', edge: { http: 80, https: 443 }, caFile: '/ca.crt' };
const LOOKS = { mysql: up, redis: up, docker: up, edge: up, web: NOT_YET, worker: up };
const countStores = async () => ({ active: 2 });

test('a part that this version does not have does not keep it from being ready', async () => {
  const status = await createStatus({ facts: FACTS, looks: LOOKS, countStores })();
  expect(status).toMatchObject({
    ready: true,
    services: { web: { state: 'down' } },
    stores: { byStatus: { active: 2 } },
  });
});

test('a look that throws shows why, and the platform is not ready', async () => {
  const redis: Look = () => Promise.reject(new Error('connection refused'));
  const status = await createStatus({ facts: FACTS, looks: { ...LOOKS, redis }, countStores })();
  expect(status.ready).toBe(false);
  expect(status.services.redis).toEqual({ state: 'down', detail: 'connection refused' });
});

test('stores that cannot be counted leave the rest standing', async () => {
  const status = await createStatus({
    facts: FACTS,
    looks: LOOKS,
    countStores: () => Promise.reject(new Error('no')),
  })();
  expect(status.stores.byStatus).toEqual({});
});

test('a database with pending migrations is degraded', async () => {
  const look = lookAtMysql({
    ping: async () => undefined,
    pendingMigrations: async () => ['021'],
    pidOf: async () => 5,
    address: 'x',
  });
  expect(await look(AbortSignal.timeout(100))).toMatchObject({ state: 'degraded', pid: 5 });
});

test('a Redis that may drop jobs is degraded', async () => {
  const ping = async () => ({ appendOnly: true, evictionPolicy: 'allkeys-lru', version: '8' });
  const look = lookAtRedis({ ping, pidOf: async () => undefined, address: 'x' });
  expect(await look(AbortSignal.timeout(100))).toEqual({
    state: 'degraded',
    detail: 'maxmemory-policy is allkeys-lru',
  });
});

test('only workers that lately gave a sign of life count', async () => {
  const look = lookAtWorkers(async () => [
    { pid: 1, hostname: 'a', silentMs: 900_000 },
    { pid: 2, hostname: 'a', silentMs: 1000 },
  ]);
  expect(await look(AbortSignal.timeout(100))).toEqual({ state: 'up', detail: '1 process', pids: [2] });
});
