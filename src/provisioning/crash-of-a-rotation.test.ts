import { expect, test } from 'vitest';
import { cleanRun, INPUTS, work } from '../../test/fakes/crash-harness.ts';
import { AppError } from '../domain/errors.ts';
import type { RunKind } from '../domain/run.ts';

test.each(['both accepted', 'secret files', 'vault replace db-password', 'one accepted'])(
  'a database that starts anew after "%s" still accepts what the shop comes with in the end, wherever the run is killed',
  async (effect) => {
    const rotated = await cleanRun(['provision', 'rotate-database']);
    const unkilled = (await cleanRun(['provision'])).world;
    unkilled.restartsAfter = effect;
    unkilled.order('rotate-database');
    unkilled.boot();
    expect(await work(unkilled)).toBe('done');
    // The one that comes between the new file and the second lesson, where the server has forgotten the first.
    expect(unkilled.refusedVisits).toBeLessThanOrEqual(1);
    for (let at = 1; at <= rotated.effects; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { world } = await cleanRun(['provision']);
        world.order('rotate-database');
        world.restartsAfter = effect;
        world.boot({ at, when });
        await work(world);
        world.boot();
        await work(world);

        const { refusedVisits: _, ...state } = world.snapshot() as { refusedVisits: number };
        expect(state, `killed ${when} ${rotated.world.effects[at - 1]}`).toMatchObject({
          consistent: true,
          passwords: ['admin-credentials', 'admin-password', 'db-password', 'db-root-password'],
        });
      }
    }
  },
);

const ROTATIONS = ['rotate-admin', 'rotate-database'] as const;
/** What may come in between: what is wished for later, and what the platform wishes by itself. */
const BETWEEN: readonly (readonly RunKind[])[] = [
  ['repair'],
  ['suspend', 'resume'],
  ['resize', 'configure', 'restart'],
  ['change-address'],
  ['schedule-delete', 'undo-delete'],
];

for (const rotation of ROTATIONS) {
  for (const between of BETWEEN) {
    test(`${rotation}, killed anywhere, with ${between.join(' and ')} before it goes on: no visitor is refused, and no password is lost`, async () => {
      const { effects } = await cleanRun(['provision', rotation]);
      const clean = await cleanRun(['provision', rotation, ...between]);
      const { mails: _, ...expected } = clean.world.snapshot() as { mails: unknown };
      for (let at = 1; at <= effects; at += 1) {
        const { world } = await cleanRun(['provision']);
        world.order(rotation);
        world.boot({ at, when: 'after' });
        await work(world);
        const goOn = world.park();
        for (const kind of between) {
          world.order(kind, INPUTS[kind]);
          world.boot();
          expect(await work(world), `killed after effect ${at}, then ${kind}`).toBe('done');
        }
        goOn();
        world.boot();
        await work(world);

        expect(world.snapshot(), `killed after effect ${at}`).toMatchObject(expected);
      }
    });
  }
}

test('a database that starts anew while its rotation waits, and a repair: accepted is what the files say, all the while', async () => {
  const { effects } = await cleanRun(['provision', 'rotate-database']);
  for (let at = 1; at <= effects; at += 1) {
    const { world } = await cleanRun(['provision']);
    world.order('rotate-database');
    world.boot({ at, when: 'after' });
    await work(world);
    const goOn = world.park();
    world.startDatabase();
    world.order('repair');
    world.boot();
    expect(await work(world), `killed after effect ${at}`).toBe('done');
    expect(world.refusedVisits).toBe(0);
    goOn();
    world.boot();
    await work(world);

    expect(world.snapshot(), `killed after effect ${at}`).toMatchObject({ consistent: true, refusedVisits: 0 });
  }
});

test('a shop that keeps the password in a configuration of its own is refused nothing, wherever its rotation is killed', async () => {
  const { effects } = await cleanRun(['provision', 'rotate-database']);
  for (let at = 1; at <= effects; at += 1) {
    const { world } = await cleanRun(['provision']);
    world.environment = world.files.get('secrets');
    world.order('rotate-database');
    world.boot({ at, when: 'after' });
    await work(world);
    world.boot();
    await work(world);

    expect(world.snapshot(), `killed after effect ${at}`).toMatchObject({ consistent: true, refusedVisits: 0 });
  }
});

test.each([
  ['rotate-admin', 'links revoked'],
  ['rotate-admin', 'administrator reset'],
  ['rotate-database', 'both accepted'],
  ['rotate-database', 'secrets read'],
  ['rotate-database', 'one accepted'],
] as const)(
  '%s that fails as "%s" for good ends after a while, known and working, and the next one goes on with it',
  async (kind, effect) => {
    const { world } = await cleanRun(['provision']);
    world.order(kind);
    world.broken.set(effect, new AppError('shop_command_failed', 'the shop does not'));
    let walks = 0;
    for (; world.runStatus !== 'failed' && walks < 50; walks += 1) {
      world.boot();
      expect(await work(world)).toBe('failed');
    }
    expect(walks).toBe(20);
    expect(world.snapshot()).toMatchObject({
      status: 'active',
      adminCanSignIn: true,
      refusedVisits: 0,
      unknownPasswords: 0,
    });

    world.broken.clear();
    world.order(kind);
    world.boot();
    expect(await work(world)).toBe('done');
    expect(world.snapshot()).toMatchObject({
      consistent: true,
      adminCanSignIn: true,
      adminIsShown: true,
      refusedVisits: 0,
      unknownPasswords: 0,
      passwords: ['admin-credentials', 'admin-password', 'db-password', 'db-root-password'],
    });
  },
);

test('a shop that has taken the new password and says that it has not: either is shown, until a later one works', async () => {
  const { world } = await cleanRun(['provision']);
  world.order('rotate-admin');
  world.boot({ at: (await effectsUntil('administrator reset')) + 1, when: 'before' });
  await work(world);
  world.broken.set('administrator reset', new AppError('shop_command_failed', 'and does not any more'));
  for (let walks = 0; world.runStatus !== 'failed' && walks < 50; walks += 1) {
    world.boot();
    await work(world);
  }

  expect(world.installed?.adminPassword).toBe(world.vaultRows.get('admin-password-next'));
  expect(world.snapshot()).toMatchObject({ adminCanSignIn: false, unknownPasswords: 0 });
});

async function effectsUntil(effect: string): Promise<number> {
  const { world } = await cleanRun(['provision', 'rotate-admin']);
  return world.effects.indexOf(effect) + 1;
}
