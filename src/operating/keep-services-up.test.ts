import { expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { keepServicesUp } from './keep-services-up.ts';

/** A world in which engine, services and edge are up or down; looked at every millisecond until `enough` says so. */
async function watch(
  world: { engine: boolean; services: boolean; edge: boolean; canStart?: boolean },
  enough: () => boolean,
) {
  const told: string[] = [];
  const stop = new AbortController();
  const done = (): void => {
    if (enough()) stop.abort();
  };
  const deadline = setTimeout(() => stop.abort(), 3000);
  await keepServicesUp(
    {
      ensureEngine: async () => {
        world.engine = true;
        return 'engine';
      },
      services: {
        managed: ['mysql'],
        async areRunning() {
          done();
          if (!world.engine) throw new AppError('docker_unavailable', 'The engine is away.');
          return world.services;
        },
        async ensure() {
          if (world.canStart === false) throw new AppError('container_unhealthy', 'mysql does not answer');
          world.services = true;
        },
        stop: async () => undefined,
      },
      edge: {
        isRunning: async () => (world.edge ? { pid: 1 } : undefined),
        start: async () => void (world.edge = true),
        stop: async () => undefined,
      },
    },
    (line) => void told.push(line),
    stop.signal,
    1,
  );
  clearTimeout(deadline);
  return told;
}

test('a service and an edge that are gone are started again', async () => {
  const world = { engine: true, services: false, edge: false };
  expect(await watch(world, () => world.services && world.edge)).toEqual(['The edge does not run; starting it']);
});

test('an engine that stays away is started, and everything after it', async () => {
  const world = { engine: false, services: false, edge: true };
  const told = await watch(world, () => world.services);
  expect(told[0]).toBe('MySQL and Redis: The engine is away.');
  expect(world).toMatchObject({ engine: true, services: true });
});

test('a trouble that lasts is told once', async () => {
  let looks = 0;
  const told = await watch({ engine: true, services: false, edge: true, canStart: false }, () => looks++ > 5);
  expect(told).toEqual(['MySQL and Redis: mysql does not answer']);
});
