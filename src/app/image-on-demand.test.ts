import { expect, it } from 'vitest';
import { createImageOnDemand, MADE_AGAIN_AFTER_MS } from './image-on-demand.ts';

/** An image that the test finishes or fails by hand. */
function aWorld() {
  const world = { isPrepared: false, made: 0, failures: [] as unknown[], now: 0 };
  let end = { done: (): void => undefined, fail: (_cause: Error): void => undefined };
  const ask = createImageOnDemand({
    name: 'phpmyadmin',
    isPrepared: async () => world.isPrepared,
    make: () => {
      world.made += 1;
      return new Promise<void>((done, fail) => (end = { done, fail }));
    },
    onFailure: (cause) => void world.failures.push(cause),
    now: () => new Date(world.now),
  });
  return {
    world,
    ask,
    async fail(cause: Error) {
      end.fail(cause);
      await new Promise(setImmediate);
    },
    async finish() {
      world.isPrepared = true;
      end.done();
      await new Promise(setImmediate);
    },
  };
}

it('is made once for all who ask meanwhile', async () => {
  const { world, ask, finish } = aWorld();
  expect([await ask(), await ask(), world.made]).toEqual([false, false, 1]);
  await finish();
  expect(await ask()).toBe(true);
});

it('that could not be made is told to whoever asks, and is tried again only after a while', async () => {
  const { world, ask, fail, finish } = aWorld();
  const cause = new Error('no space left');
  await ask();
  await fail(cause);

  expect(world.failures).toEqual([cause]);
  await expect(ask()).rejects.toMatchObject({ code: 'image_missing', retryable: true, cause });
  expect(world.made).toBe(1);

  world.now += MADE_AGAIN_AFTER_MS;
  expect([await ask(), world.made]).toEqual([false, 2]);
  await finish();
  expect(await ask()).toBe(true);
});

it('is not taken for missing when nobody can say', async () => {
  const silent = createImageOnDemand({
    name: 'phpmyadmin',
    isPrepared: () => Promise.reject(new Error('the engine is silent')),
    make: () => Promise.reject(new Error('made')),
    onFailure: () => undefined,
    now: () => new Date(0),
  });
  await expect(silent()).rejects.toThrow('the engine is silent');
});
