import { expect, test } from 'vitest';
import { lookAtMysql, lookAtRedis, lookAtWeb, lookAtWorkers } from './look-at.ts';
import { createStatus, type Look } from './status.ts';

const up: Look = async () => ({ state: 'up', detail: '' });
const FACTS = { version: '1', publicUrl: 'https://localhost/', edge: { http: 80, https: 443 }, caFile: '/ca.crt' };
const LOOKS = { mysql: up, redis: up, docker: up, edge: up, web: up, worker: up };
const countStores = async () => ({ active: 2 });

test('with every part up the platform is ready', async () => {
  const status = await createStatus({ facts: FACTS, looks: LOOKS, countStores })();
  expect(status).toMatchObject({
    ready: true,
    services: { web: { state: 'up' } },
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
    isStrange: async () => false,
    pidOf: async () => 5,
    address: 'x',
  });
  expect(await look(AbortSignal.timeout(100))).toMatchObject({ state: 'degraded', pid: 5 });
});

test('a database that knows nothing of the stores here is degraded', async () => {
  const look = lookAtMysql({
    ping: async () => undefined,
    pendingMigrations: async () => [],
    isStrange: async () => true,
    pidOf: async () => 5,
    address: 'x',
  });
  expect(await look(AbortSignal.timeout(100))).toEqual({
    state: 'degraded',
    detail: 'not the database that belongs to the stores here',
    pid: 5,
  });
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

test.each([
  ['answers and has what it needs', { healthz: 200, readyz: 200, state: 'ok' }, { state: 'up', pid: 7 }],
  ['runs without Redis', { healthz: 200, readyz: 200, state: 'degraded' }, { state: 'degraded', pid: 7 }],
  ['has no database', { healthz: 200, readyz: 503, state: 'down' }, { state: 'degraded', detail: 'not ready (down)' }],
  ['answers with errors', { healthz: 500, readyz: 500, state: undefined }, { state: 'down' }],
])('a web process that %s shows it', async (_case, world, expected) => {
  const look = lookAtWeb({
    ask: async (path) => ({ status: path === '/healthz' ? world.healthz : world.readyz, state: world.state }),
    pidOf: async () => 7,
    address: 'x',
  });
  expect(await look(AbortSignal.timeout(100))).toMatchObject(expected);
});

test('a web process that nobody hears of is down, and says where it was looked for', async () => {
  const ask = () => Promise.reject(new Error('connection refused'));
  const look = lookAtWeb({ ask, pidOf: () => Promise.reject(new Error('no up')), address: '127.0.0.1:5000' });
  expect(await look(AbortSignal.timeout(100))).toEqual({
    state: 'down',
    detail: 'does not answer at 127.0.0.1:5000',
  });
});
