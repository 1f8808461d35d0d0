import { expect, test } from 'vitest';
import { FakeWorld } from '../../test/fakes/fake-world.ts';
import type { RunKind } from '../domain/run.ts';
import { createRunPerformer, type RunOutcome } from './perform-run.ts';
import { createPipeline } from './pipeline.ts';
import { createRunner } from './runner.ts';

/** One process: takes the run as far as it comes. A crash shows as a rejected or parked run, never as a verdict. */
async function work(world: FakeWorld): Promise<RunOutcome | 'crashed'> {
  let count = 0;
  const steps = createPipeline(world.pipelineDeps(() => `secret-${world.fence}-${(count += 1)}`));
  const perform = createRunPerformer({
    owner: 'worker',
    ...world.performerPort,
    journal: world.journalPort,
    runner: createRunner({ steps, journal: world.journalPort, now: () => new Date(0) }),
    announce: world.announce,
    now: () => new Date(0),
    log: { info: () => undefined, warn: () => undefined },
  });
  return perform('run_1', new AbortController().signal).catch(() => 'crashed');
}

async function cleanRun(kinds: readonly RunKind[]): Promise<{ world: FakeWorld; effects: number }> {
  const world = new FakeWorld();
  for (const kind of kinds) {
    world.order(kind);
    world.boot();
    expect(await work(world)).toBe('done');
  }
  return { world, effects: world.effects.length };
}

async function crashedAndResumed(kinds: readonly RunKind[], crash: { at: number; when: 'before' | 'after' }) {
  const world = new FakeWorld();
  for (const kind of kinds) {
    world.order(kind);
    const isLast = kind === kinds.at(-1);
    world.boot(isLast ? crash : undefined);
    await work(world);
    if (!isLast) continue;
    world.boot();
    await work(world);
  }
  return world;
}

const WALKS: readonly (readonly RunKind[])[] = [
  ['provision'],
  ['provision', 'repair'],
  ['provision', 'teardown'],
  ['teardown'],
];

for (const kinds of WALKS) {
  for (const when of ['before', 'after'] as const) {
    test(`${kinds.join(' then ')}: a crash ${when} any single effect, resumed, ends in the same world`, async () => {
      const clean = await cleanRun(kinds);
      expect(clean.effects).toBeGreaterThan(20);
      for (let at = 1; at <= clean.effects; at += 1) {
        const world = await crashedAndResumed(kinds, { at, when });
        expect(world.snapshot(), `crash ${when} effect ${at}: ${clean.world.effects[at - 1]}`).toEqual(
          clean.world.snapshot(),
        );
      }
    });
  }
}

test('two crashes in a row at every pair of effects still end in the same world', async () => {
  const clean = await cleanRun(['provision']);
  for (let first = 1; first <= clean.effects; first += 1) {
    for (let second = 1; second <= clean.effects; second += 3) {
      const world = new FakeWorld();
      world.order('provision');
      for (const at of [first, second]) {
        world.boot({ at, when: 'after' });
        await work(world);
      }
      world.boot();
      await work(world);
      expect(world.snapshot()).toEqual(clean.world.snapshot());
    }
  }
});

test('a teardown of a store that was half made leaves nothing, wherever the making stopped', async () => {
  const made = await cleanRun(['provision']);
  const gone = await cleanRun(['provision', 'teardown']);
  for (let at = 1; at <= made.effects; at += 1) {
    const world = new FakeWorld();
    world.order('provision');
    world.boot({ at, when: 'after' });
    await work(world);
    world.order('teardown');
    world.boot();
    expect(await work(world)).toBe('done');
    expect(world.snapshot()).toEqual(gone.world.snapshot());
  }
});

test('a repair uses the images the store was made with, not the newest', async () => {
  const { world } = await cleanRun(['provision']);
  world.newestImage = 'sha256:two';
  world.order('repair');
  world.boot();
  expect(await work(world)).toBe('done');
  expect(world.store?.images).toEqual({ web: 'sha256:one' });
});
