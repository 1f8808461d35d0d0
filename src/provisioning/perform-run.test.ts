import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { work } from '../../test/fakes/crash-harness.ts';
import { FakeWorld } from '../../test/fakes/fake-world.ts';
import { AppError } from '../domain/errors.ts';

/** An authority that never answers, and how far the world was when it was asked and when it was called off. */
function authority() {
  const seen: string[] = [];
  return {
    seen,
    order: async (world: FakeWorld, signal: AbortSignal): Promise<void> => {
      seen.push(world.effects.some((effect) => effect.startsWith('containers')) ? 'with a shop' : 'without a shop');
      await once(signal, 'abort');
      seen.push(world.holder === undefined ? 'called off without a lease' : 'called off with the lease');
    },
  };
}

describe('the certificate of a store that is being made', () => {
  it('is ordered before anything else, and waited for by no step but its own', async () => {
    const world = new FakeWorld();
    world.boot();
    const { seen, order } = authority();

    const outcome = await work(world, (_store, signal) => order(world, signal));

    expect(outcome).toBe('done');
    expect(seen).toEqual(['without a shop', 'called off with the lease']);
  });

  it('is called off with the lease still held when a step fails', async () => {
    const world = new FakeWorld();
    world.boot();
    world.failures.push({ effect: 'containers running', error: new AppError('docker_unavailable', 'No engine.') });
    const { seen, order } = authority();

    const outcome = await work(world, (_store, signal) => order(world, signal));

    expect(outcome).toBe('failed');
    expect(seen).toEqual(['without a shop', 'called off with the lease']);
  });

  it('is ordered by no other run', async () => {
    const world = new FakeWorld();
    world.boot();
    await work(world);
    const { seen, order } = authority();
    for (const kind of ['repair', 'restart', 'teardown'] as const) {
      world.order(kind);
      world.boot();
      expect(await work(world, (_store, signal) => order(world, signal))).toBe('done');
    }

    expect(seen).toEqual([]);
  });
});
