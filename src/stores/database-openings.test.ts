import { describe, expect, it } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { DATABASES_OPEN_AT_ALL, DATABASES_OPEN_OF_CUSTOMER, type DatabaseOpening } from '../domain/database-opening.ts';
import { createDatabaseOpenings } from './database-openings.ts';

const STORE = aStore({ status: 'active' });
const OWN = { storeId: STORE.id, customerId: STORE.customerId };
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
    others: [] as DatabaseOpening[],
    /** What happens while somebody waits to be alone. */
    meanwhile: async (): Promise<void> => undefined,
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
          ? world.others
          : [...world.others, { ...OWN, isOpen: world.row.isOpen, isReachable: world.status === 'active' }],
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
    alone: async (_storeId, work) => {
      const { meanwhile } = world;
      world.meanwhile = async () => undefined;
      await meanwhile();
      return work();
    },
    inTurn: (work) => work(),
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

  it.each(['close', 'round'] as const)('that is opened anew while a %s waits stays open', async (ending) => {
    const { world, databases } = aWorld();
    await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL);
    if (ending === 'round') world.row = { isOpen: false };
    world.meanwhile = async () => void (await databases.open(STORE, 'ses_2', ORIGIN, SIGNAL));
    await (ending === 'round' ? databases.round(SIGNAL) : databases.close(STORE, ORIGIN, SIGNAL));

    expect(world).toMatchObject({ row: { isOpen: true }, guest: 'made for this one', panels: new Set([STORE.id]) });
  });

  it('that is not open cannot be closed, and nobody is made to work for it', async () => {
    const { world, databases } = aWorld();
    world.meanwhile = () => Promise.reject(new Error('waited'));
    await databases.close(STORE, ORIGIN, SIGNAL);
    expect(world.lines).toEqual([]);
  });

  it.each([
    ['customer', DATABASES_OPEN_OF_CUSTOMER, STORE.customerId],
    ['machine', DATABASES_OPEN_AT_ALL, 'cus_other'],
  ])('is not begun when the %s has as many as may be, and opens anew among them', async (limit, atMost, customerId) => {
    const { world, databases } = aWorld();
    const other = (id: number) => ({ storeId: `sto_${id}`, customerId, isOpen: true, isReachable: true });
    world.others = Array.from({ length: atMost - 1 }, (__, id) => other(id));
    await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL);
    await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL);
    expect(world.lines).toEqual(['opened', 'opened']);

    world.others = [...world.others, other(atMost)];
    expect(await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL)).toEqual({ state: 'full', limit });
    world.others = world.others.map((opening) => ({ ...opening, isOpen: false }));
    await databases.open(STORE, 'ses_1', ORIGIN, SIGNAL);
    expect(world.lines).toEqual(['opened', 'opened', 'opened']);
  });

  it('leaves no container behind that belongs to no opening', async () => {
    const { world, databases } = aWorld();
    world.panels.add('sto_gone');
    await databases.round(SIGNAL);
    expect(world.panels.size).toBe(0);
  });
});
