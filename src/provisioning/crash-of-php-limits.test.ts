import { expect, test } from 'vitest';
import { cleanRun, work } from '../../test/fakes/crash-harness.ts';
import type { FakeWorld } from '../../test/fakes/fake-world.ts';
import { AppError } from '../domain/errors.ts';
import { USUAL_PHP_LIMITS } from '../domain/php-limits.ts';
import type { RunInput, RunKind } from '../domain/run.ts';

const USUAL = USUAL_PHP_LIMITS.wordpress;
const WISH: RunInput = { phpUpload: '128', phpMemory: '384' };
const CHOSEN = { ...USUAL, phpUpload: 128, phpMemory: 384 };

interface Ordered {
  readonly kind: RunKind;
  readonly input?: RunInput;
  readonly crash?: { at: number; when: 'before' | 'after' };
}

async function walk(world: FakeWorld, { kind, input, crash }: Ordered): Promise<void> {
  world.order(kind, input);
  world.boot(crash);
  await work(world);
  if (crash === undefined) return;
  world.boot();
  await work(world);
}

/** A shop whose owner has chosen, and then this. */
async function afterChoosing(then?: Ordered): Promise<FakeWorld> {
  const { world } = await cleanRun(['provision']);
  await walk(world, { kind: 'configure', input: WISH });
  if (then !== undefined) await walk(world, then);
  return world;
}

const phpOf = ({ phpKept, phpFile, phpHeld, phpServed }: FakeWorld) => [phpKept, phpFile, phpHeld, phpServed];

test('what is chosen is kept, in the file, in the PHP that runs, on the page and at the edge', async () => {
  const world = await afterChoosing();
  expect(phpOf(world)).toEqual([CHOSEN, CHOSEN, CHOSEN, 128]);
  expect(world.phpKnown).toMatchObject(CHOSEN);
});

test.each(['php reloaded', 'php recorded'])(
  'limits that fail as "%s" leave those of before everywhere, wherever a worker is killed meanwhile',
  async (effect) => {
    const fail = async (crash?: { at: number; when: 'before' | 'after' }): Promise<FakeWorld> => {
      const world = await afterChoosing();
      world.order('configure', { phpUpload: '64', phpMemory: '256' });
      world.broken.set(effect, new AppError('shop_command_failed', 'PHP does not answer.'));
      world.boot(crash);
      await work(world);
      if (world.runStatus !== 'failed') {
        world.boot();
        await work(world);
      }
      return world;
    };
    const { effects } = await fail();
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await fail({ at, when });
        expect(world.runStatus).toBe('failed');
        expect(phpOf(world), `killed ${when} ${effects[at - 1]}`).toEqual([CHOSEN, CHOSEN, CHOSEN, 128]);
      }
    }
  },
);

test('a run that is called off half-way is forgotten when the shop starts again', async () => {
  for (let at = 1; ; at += 1) {
    const world = await afterChoosing();
    world.order('configure', { phpUpload: '16' });
    world.boot({ at, when: 'after' });
    await work(world);
    if (world.runStatus === 'done') break;
    await walk(world, { kind: 'suspend', input: { by: 'owner' } });
    await walk(world, { kind: 'resume', input: { by: 'owner' } });
    expect(world.phpFile).toEqual(world.phpKept);
    expect(world.phpHeld).toEqual(world.phpKept);
  }
});

test('a smaller plan brings them down and tells the owner once, wherever a worker is killed', async () => {
  const clean = await afterChoosing({ kind: 'resize', input: { plan: 'tiny' } });
  expect(phpOf(clean)).toEqual([USUAL, USUAL, USUAL, 64]);
  expect(clean.phpKnown).toMatchObject(USUAL);
  const letters = [...clean.mails.values()].filter((mail) => mail.includes('php-limits-lowered'));
  expect(letters).toHaveLength(1);
  expect(letters[0]).toContain('256 MB of memory for one request');

  for (let at = 1; at <= clean.effects.length; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const world = await afterChoosing({ kind: 'resize', input: { plan: 'tiny' }, crash: { at, when } });
      expect(world.snapshot(), `killed ${when} ${clean.effects[at - 1]}`).toEqual(clean.snapshot());
    }
  }
});

test('a plan that allows them leaves them, and writes no letter', async () => {
  const world = await afterChoosing({ kind: 'resize', input: { plan: 'business' } });
  expect(phpOf(world)).toEqual([CHOSEN, CHOSEN, CHOSEN, 128]);
  expect([...world.mails.values()].join()).not.toContain('php-limits-lowered');
});

test('a shop that stands still has smaller limits when it starts', async () => {
  const world = await afterChoosing({ kind: 'suspend', input: { by: 'owner' } });
  await walk(world, { kind: 'resize', input: { plan: 'tiny' } });
  expect(world.phpHeld).toEqual(CHOSEN);
  expect(world.phpKnown).toMatchObject(USUAL);
  await walk(world, { kind: 'resume', input: { by: 'owner' } });
  expect(phpOf(world)).toEqual([USUAL, USUAL, USUAL, 64]);
});

test('a shop of an older image refuses them once and for all, and changes its plan as ever', async () => {
  const { world } = await cleanRun(['provision']);
  world.knowsPhpLimits = false;
  await walk(world, { kind: 'configure', input: WISH });
  expect(world.runStatus).toBe('failed');
  expect(world.effects.filter((effect) => effect === 'php file')).toHaveLength(2);
  expect(phpOf(world)).toEqual([undefined, undefined, USUAL, undefined]);

  await walk(world, { kind: 'resize', input: { plan: 'tiny' } });
  expect([world.runStatus, world.store?.plan]).toEqual(['done', 'tiny']);
  expect([...world.mails.values()].join()).not.toContain('php-limits-lowered');
});
