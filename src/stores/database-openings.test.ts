import { describe, expect, it } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createDatabaseOpenings } from './database-openings.ts';

const STORE = aStore({ status: 'active' });
const SIGNAL = AbortSignal.timeout(60_000);
const ORIGIN = { actor: 'cus_1' };

/** A machine with one store: its opening, its panel and its guest, each there or not. */
function aWorld() {
  const world = {
    row: undefined as { isOpen: boolean } | undefined,
    panels: new Set<string>(),
    guest: undefined as string | undefined,
    status: STORE.status,
    isPrepared: true,
    broken: '',
    lines: [] as string[],
    errors: [] as string[],
  };
  const act = (name: string, effect: () => void) => async (): Promise<void> => {
    if (world.broken === name) throw new Error(name);
    effect();
  };
  const databases = createDatabaseOpenings({
    openings: {
      open: async () => {
        world.row = { isOpen: true };
        world.lines.push('opened');
      },
      close: async () => {
        if (world.row?.isOpen !== true) return;
        world.row = { isOpen: false };
        world.lines.push('closed');
      },
      remove: act('row', () => void (world.row = undefined)),
      list: async () =>
        world.row === undefined
          ? []
          : [{ storeId: STORE.id, isOpen: world.row.isOpen, isReachable: world.status === 'active' }],
    },
    panels: {
      start: async () => act('panel', () => void world.panels.add(STORE.id))(),
      remove: async (id) => void world.panels.delete(id),
      storeIds: async () => world.panels,
    },
    guests: {
      admit: async (_store, { password }) => void (world.guest = password),
      dismiss: async () => act('dismissal', () => void (world.guest = undefined))(),
    },
    stores: { get: async () => STORE },
    isPrepared: async () => world.isPrepared,
    makePassword: () => 'made for this one',
    tokens: { make: () => 'token', digestOf: (token) => `digest of ${token}` },
    alone: (_storeId, work) => work(),
    onError: (_storeId, thrown) => void world.errors.push(String(thrown)),
    now: () => new Date(0),
  });
  return { world, databases };
}

describe('an owner’s look into a database', () => {
  it('has a user for itself, and nothing of it is left when it is closed', async () => {
    const { world, databases } = aWorld();

    expect(await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL)).toEqual({
      state: 'open',
      path: `/stores/${STORE.id}/database/token/`,
    });
    expect([world.guest, [...world.panels]]).toEqual(['made for this one', [STORE.id]]);
    await databases.round(SIGNAL);
    expect(world.panels.size).toBe(1);

    await databases.close(STORE, ORIGIN, SIGNAL);
    expect(world).toMatchObject({ row: undefined, guest: undefined, panels: new Set(), lines: ['opened', 'closed'] });
  });

  it('is not begun while its image is made, nor for a store that is closed', async () => {
    const { world, databases } = aWorld();
    world.isPrepared = false;
    expect(await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL)).toEqual({ state: 'preparing' });
    const closed = databases.open({ ...STORE, status: 'suspended' }, 'ses_1', ORIGIN, SIGNAL);
    await expect(closed).rejects.toMatchObject({ code: 'not_allowed_now' });
    expect(world.lines).toEqual([]);
  });

  it.each(['panel', 'dismissal', 'row'])(
    'that is cut off at its %s is cleared away by a later round',
    async (broken) => {
      const { world, databases } = aWorld();
      world.broken = broken;
      await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL).catch(() => undefined);
      world.row = { isOpen: false };
      await databases.round(SIGNAL);
      world.broken = '';
      await databases.round(SIGNAL);

      expect(world).toMatchObject({ row: undefined, guest: undefined, panels: new Set() });
    },
  );

  it('of a store that was closed meanwhile ends at once; its user goes when the database runs again', async () => {
    const { world, databases } = aWorld();
    await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL);
    world.row = { isOpen: false };
    world.status = 'suspended';
    await databases.round(SIGNAL);
    expect([world.panels.size, world.guest]).toEqual([0, 'made for this one']);

    world.status = 'active';
    await databases.round(SIGNAL);
    expect(world).toMatchObject({ row: undefined, guest: undefined });
  });

  it('leaves no container behind that belongs to no opening', async () => {
    const { world, databases } = aWorld();
    world.panels.add('sto_gone');
    await databases.round(SIGNAL);
    expect(world.panels.size).toBe(0);
  });
});
