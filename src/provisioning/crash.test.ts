import { expect, test } from 'vitest';
import { cleanRun, INPUTS, work } from '../../test/fakes/crash-harness.ts';
import { FakeWorld, SECRET_OF_THE_POOL } from '../../test/fakes/fake-world.ts';
import { AppError } from '../domain/errors.ts';
import { isChange, type RunKind } from '../domain/run.ts';

const isMaking = (kind: RunKind): boolean => !isChange(kind);

async function crashedAndResumed(kinds: readonly RunKind[], crash: { at: number; when: 'before' | 'after' }) {
  const world = new FakeWorld();
  for (const kind of kinds) {
    world.order(kind, INPUTS[kind]);
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
  ['provision', 'suspend'],
  ['provision', 'suspend', 'resume'],
  ['provision', 'resize'],
  ['provision', 'restart'],
  ['provision', 'configure'],
  ['provision', 'change-address'],
  ['provision', 'rotate-admin'],
  ['provision', 'rotate-database'],
  ['provision', 'rotate-database', 'suspend', 'resume'],
  ['provision', 'rotate-database', 'repair'],
  ['provision', 'suspend', 'schedule-delete', 'undo-delete'],
  ['provision', 'schedule-delete', 'undo-delete'],
  ['provision', 'schedule-delete', 'teardown'],
];

for (const kinds of WALKS) {
  for (const when of ['before', 'after'] as const) {
    test(`${kinds.join(' then ')}: a crash ${when} any single effect, resumed, ends in the same world`, async () => {
      const clean = await cleanRun(kinds);
      expect(clean.effects).toBeGreaterThan(kinds.every(isMaking) ? 20 : 7);
      for (let at = 1; at <= clean.effects; at += 1) {
        const world = await crashedAndResumed(kinds, { at, when });
        expect(world.snapshot(), `crash ${when} effect ${at}: ${clean.world.effects[at - 1]}`).toEqual(
          clean.world.snapshot(),
        );
      }
    });
  }
}

test.each(['as it was made', 'changed'] as const)(
  'a store that takes over a shop which is %s is open in the end wherever it is killed, with that shop or with none of it',
  async (waiting) => {
    const taken = async (crash?: { at: number; when: 'before' | 'after' }): Promise<FakeWorld> => {
      const world = new FakeWorld();
      world.order('provision');
      world.takeOver(waiting);
      world.boot(crash);
      await work(world);
      if (crash === undefined) return world;
      world.boot();
      await work(world);
      return world;
    };
    const { world: made } = await cleanRun(['provision']);
    const clean = await taken();
    expect(clean.snapshot()).toEqual(made.snapshot());
    for (let at = 1; at <= clean.effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await taken({ at, when });
        expect(world.snapshot(), `killed ${when} ${clean.effects[at - 1]}`).toEqual(made.snapshot());
        expect(world.vaultRows.get('db-password') === SECRET_OF_THE_POOL).toBe(waiting === 'as it was made');
      }
    }
  },
);

test('a repair never throws away what a store has, whatever was made ahead of it', async () => {
  const { world } = await cleanRun(['provision', 'repair']);
  const before = world.snapshot();
  world.waiting = 'changed';
  world.order('repair');
  world.boot();
  await work(world);
  expect(world.snapshot()).toEqual(before);
  expect(world.effects).not.toContain('volumes removed');
});

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

test.each(['addresses rewritten', 'asked as visitor'])(
  'a change of the address that fails as "%s" puts everything back, wherever it is killed meanwhile',
  async (effect) => {
    const fail = async (crash?: { at: number; when: 'before' | 'after' }): Promise<FakeWorld> => {
      const { world } = await cleanRun(['provision']);
      world.order('change-address', INPUTS['change-address']);
      world.broken.set(effect, new Error('the shop does not'));
      world.boot(crash);
      if ((await work(world)) !== 'failed' || world.runStatus !== 'failed') {
        world.boot();
        await work(world);
      }
      return world;
    };
    const clean = await fail();
    const { effects } = clean;
    expect(clean.runStatus).toBe('failed');
    expect(clean.snapshot()).toMatchObject({ primary: null, shopAt: 'demo.localhost', copies: [], ordersLost: 0 });
    expect(clean.addressChange).toBeUndefined();
    for (let at = 1; at <= effects.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await fail({ at, when });
        expect(world.snapshot(), `killed ${when} ${effects[at - 1]}`).toMatchObject({
          ...(clean.snapshot() as object),
        });
      }
    }
  },
);

/** Worked on again and again, as the queue would, until somebody says how it ended. */
async function workUntilOver(world: FakeWorld): Promise<void> {
  for (let times = 0; times < 9 && world.runStatus !== 'done' && world.runStatus !== 'failed'; times += 1) {
    world.boot();
    await work(world);
  }
}

async function movedBackOnce(broken: string): Promise<FakeWorld> {
  const { world } = await cleanRun(['provision']);
  world.order('change-address', INPUTS['change-address']);
  world.broken.set('asked as visitor', new Error('the shop does not'));
  world.broken.set(broken, new Error('the disk is away'));
  world.boot();
  await work(world);
  expect(world.runStatus).toBe('running');
  world.broken.delete(broken);
  return world;
}

test.each(['snapshot put back', 'address set', 'primary demo.localhost', 'snapshot dropped', 'change finished'])(
  'a way back on which "%s" fails once is gone to its end, and no order is lost',
  async (broken) => {
    const world = await movedBackOnce(broken);
    await workUntilOver(world);

    expect(world.runStatus).toBe('failed');
    expect(world.snapshot()).toMatchObject({ primary: null, shopAt: 'demo.localhost', copies: [], ordersLost: 0 });
    expect(world.served.get('demo.localhost')).toMatch(/live$/);
  },
);

test('a shop whose copy cannot be made is open again at once, and stays where it was', async () => {
  const { world } = await cleanRun(['provision']);
  world.order('change-address', INPUTS['change-address']);
  world.broken.set('snapshot', new Error('the disk is full'));
  // Nothing in the shop has to work for that.
  for (const effect of ['addresses rewritten', 'address set']) world.broken.set(effect, new Error('it is dead'));
  world.boot();
  expect(await work(world)).toBe('failed');

  expect(world.runStatus).toBe('failed');
  expect(world.snapshot()).toMatchObject({ primary: null, shopAt: 'demo.localhost', ordersLost: 0 });
  expect(world.served.get('demo.localhost')).toMatch(/live$/);
});

test.each([
  ['forward', 'shop.example.com', 'done'],
  ['back', 'demo.localhost', 'failed'],
] as const)(
  'a program left behind in the shop is waited for on the way %s, and writes nothing after it',
  async (stage, at, status) => {
    const { world } = await cleanRun(['provision']);
    world.order('change-address', INPUTS['change-address']);
    world.boot();
    if (stage === 'back') {
      world.broken.set('snapshot put back', new Error('the worker is killed'));
      world.broken.set('addresses rewritten', new Error('the engine hung up'));
      await work(world);
      world.broken.clear();
    }
    world.leftBehind = { host: 'shop.example.com', refusals: 2 };
    await workUntilOver(world);

    expect(world.leftBehind).toBeUndefined();
    expect(world.runStatus).toBe(status);
    expect(world.snapshot()).toMatchObject({ shopAt: at, ordersLost: 0, isTorn: false, addressChange: undefined });
  },
);

test('a change that has ended is not gone through again, whatever its run says', async () => {
  const { world } = await cleanRun(['provision', 'change-address']);
  world.runStatus = 'queued';
  world.boot();
  expect(await work(world)).toBe('done');

  expect(world.effects.filter((effect) => /^(snapshot|addresses rewritten|route making)$/.test(effect))).toEqual([]);
});

test('a dead shop is not opened because the edge itself answers at its name on the platform', async () => {
  const { world } = await cleanRun(['provision', 'change-address', 'suspend']);
  world.isShopDead = true;
  world.order('resume');
  world.boot();

  expect(await work(world)).toBe('failed');
  expect(world.store?.status).toBe('suspended');
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

/** A shop whose application refuses to be installed, whatever is tried. */
function aWorldThatFails(): FakeWorld {
  const world = new FakeWorld();
  world.order('provision');
  world.broken.set(
    'application installed',
    new AppError('application_install_failed', 'wp-cli: no such table wp_users'),
  );
  return world;
}

for (const when of ['before', 'after'] as const) {
  test(`a run that fails: a crash ${when} any single effect, resumed, tells visitors and owner all the same, once`, async () => {
    const clean = aWorldThatFails();
    clean.boot();
    expect(await work(clean)).toBe('failed');
    expect([clean.store?.status, clean.runStatus]).toEqual(['failed', 'failed']);
    expect([...clean.mails.keys()]).toEqual(['failed:run_1:1']);

    for (let at = 1; at <= clean.effects.length; at += 1) {
      const world = aWorldThatFails();
      world.boot({ at, when });
      await work(world);
      world.boot();
      await work(world);

      expect(world.runStatus).toBe('failed');
      expect(world.snapshot(), `crash ${when} effect ${at}: ${clean.effects[at - 1]}`).toEqual(clean.snapshot());
    }
  });
}

test('a retry that fails again is told again, one that works tells that the shop is open; none tells a secret', async () => {
  const world = aWorldThatFails();
  for (const outcome of ['failed', 'failed', 'done'] as const) {
    if (outcome === 'done') world.broken.clear();
    world.boot();
    expect(await work(world)).toBe(outcome);
    world.retry();
  }

  expect([...world.mails.keys()]).toEqual(['failed:run_1:1', 'failed:run_1:2', `welcome:${world.store?.id}`]);
  const mails = [...world.mails.values()].join();
  expect(mails).toContain('Your shop could not be installed.');
  expect(mails).not.toContain('wp_users');
  expect(world.vaultRows.size).toBeGreaterThan(0);
  for (const secret of world.vaultRows.values()) expect(mails).not.toContain(secret);
});

test('a teardown that fails waits twice as long each time, however often others have worked on the store', async () => {
  const { world } = await cleanRun(['provision', 'suspend', 'resume']);
  world.fence = 50;
  world.order('teardown');
  world.broken.set('containers removed', new AppError('not_allowed_now', 'the engine holds on to them'));
  const waits: (number | undefined)[] = [];
  for (let count = 0; count < 8; count += 1) {
    world.boot();
    expect(await work(world)).toBe('failed');
    world.runStatus = 'queued';
    waits.push(world.nextAttemptAt?.getTime());
  }

  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300].map((seconds) => seconds * 1000));
});

test.each(['memory looked at', 'plan'])(
  'a change of plan that fails as "%s" leaves the limits of the plan that the store has, wherever one was killed before',
  async (effect) => {
    const planned = await cleanRun(['provision', 'resize']);
    for (let at = 1; at <= planned.effects; at += 1) {
      for (const next of ['business', 'scale']) {
        const { world } = await cleanRun(['provision']);
        world.order('resize', INPUTS['resize']);
        world.boot({ at, when: 'after' });
        await work(world);
        // The same run once more, or another that has called it off.
        if (next === 'scale') world.order('resize', { plan: next });
        world.broken.set(effect, new AppError('plan_too_small', 'The plan is too small.'));
        world.boot();
        await work(world);

        expect(world.limits, `killed after ${planned.world.effects[at - 1]}, then ${next}`).toBe(world.store?.plan);
      }
    }
  },
);
