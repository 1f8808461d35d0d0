import { describe, expect, it } from 'vitest';
import { type GoldenSnapshot, goldenKeyOf } from '../domain/golden-snapshot.ts';
import type { PoolMember } from '../domain/pool-member.ts';
import type { PlatformName } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { createPoolKeeper, type PoolWish } from './keep-pool.ts';

const TODAY = { web: 'sha256:new' };
const YESTERDAY = { web: 'sha256:old' };
const KEY = goldenKeyOf('wordpress', TODAY);
const KEY_OF_WOO = goldenKeyOf('woocommerce', TODAY);
const WISH: PoolWish = { platform: 'wordpress', plan: 'starter', size: 2 };

const aMember = (id: string, changes: Partial<PoolMember> = {}): PoolMember => ({
  id,
  purpose: 'pool',
  platform: 'wordpress',
  plan: 'starter',
  status: 'ready',
  port: 8001,
  subnet: '10.210.0.32/27',
  uid: 200_000,
  parts: { images: TODAY, versions: {} },
  fingerprint: 'as it was made',
  isForsaken: false,
  createdAt: new Date(0),
  ...changes,
});

const aSnapshot = (key: string, day: number): GoldenSnapshot => ({
  key,
  platform: 'wordpress',
  images: {},
  versions: {},
  madeAt: new Date(Date.UTC(2026, 0, day)),
  files: 1,
  bytes: 1,
});

/** A world in which everything is as it should be, but for what is changed. */
function aWorld(changes: {
  members?: PoolMember[];
  snapshots?: GoldenSnapshot[];
  changedSnapshots?: string[];
  isQuiet?: boolean;
  hasRoom?: boolean;
  broken?: string[];
  beingMade?: string[];
  keyOfToday?: string | undefined;
  cannotClear?: string[];
  wishes?: PoolWish[];
  noRoomFor?: string[];
  cannotMake?: string[];
  taken?: string[];
  cannotTell?: string[];
}) {
  const did: string[] = [];
  let now = 0;
  let members = changes.members ?? [];
  let snapshots = changes.snapshots ?? [aSnapshot(KEY, 9)];
  const round = createPoolKeeper({
    members: {
      list: async () => members,
      async retire(id) {
        did.push(`retire ${id}`);
        return true;
      },
      async setAside(id) {
        did.push(`set aside ${id}`);
        members = members.map((member) => (member.id === id ? { ...member, status: 'aside' } : member));
        return true;
      },
      async forget(id) {
        did.push(`forget ${id}`);
        members = members.filter((member) => member.id !== id);
      },
    },
    isBeingMade: async (id) => changes.beingMade?.includes(id) ?? false,
    isWhole: async ({ id }) => !(changes.broken?.includes(id) ?? false),
    async isTaken({ id }) {
      if (changes.cannotTell?.includes(id)) throw new Error('The disk is ill.');
      return changes.taken?.includes(id) ?? false;
    },
    onSetAside: ({ id }) => void did.push(`told of ${id}`),
    keyOfToday: async (platform) => {
      if (changes.cannotTell?.includes(platform)) throw new Error('The archive cannot be read.');
      if (platform === 'woocommerce')
        return changes.wishes?.some((wish) => wish.platform === platform) ? KEY_OF_WOO : undefined;
      return 'keyOfToday' in changes ? changes.keyOfToday : KEY;
    },
    wishes: async () => changes.wishes ?? [WISH],
    isQuiet: async () => changes.isQuiet ?? true,
    hasRoom: async (platform, plan) => (changes.hasRoom ?? true) && !changes.noRoomFor?.includes(plan ?? platform),
    platforms: ['woocommerce', 'wordpress'],
    snapshots: {
      list: async () => snapshots,
      isWhole: async (key) =>
        snapshots.some((snapshot) => snapshot.key === key) && !changes.changedSnapshots?.includes(key),
      async remove(key) {
        did.push(`remove ${key}`);
        snapshots = snapshots.filter((snapshot) => snapshot.key !== key);
      },
    },
    async buildSnapshot(platform: PlatformName) {
      if (changes.cannotMake?.includes(`snapshot of ${platform}`)) throw new Error('It cannot be installed.');
      did.push(`build ${platform}`);
    },
    async makeMember({ platform, plan }) {
      if (changes.cannotMake?.includes(platform)) throw new Error('It does not start.');
      did.push(`make ${platform}${plan === 'starter' ? '' : ` ${plan}`}`);
    },
    now: () => new Date(now),
    async clear({ id }) {
      if (changes.cannotClear?.includes(id)) throw new Error('The engine is silent.');
      did.push(`clear ${id}`);
    },
    onError: (facts) => void did.push(`error ${facts.id ?? facts.platform}`),
  });
  return { did, round, pass: (ms: number) => void (now += ms) };
}

async function after(changes: Parameters<typeof aWorld>[0]): Promise<string[]> {
  const { did, round } = aWorld(changes);
  await round();
  return did;
}

describe('a round', () => {
  it('does nothing where all is as wished', async () => {
    expect(await after({ members: [aMember('a'), aMember('b')] })).toEqual([]);
  });

  it('makes one at a time, and counts those that are being made', async () => {
    expect(await after({})).toEqual(['make wordpress']);
    expect(await after({ members: [aMember('a'), aMember('b', { status: 'making' })] })).toEqual([]);
  });

  it('makes the snapshot first, and nothing beside it', async () => {
    expect(await after({ snapshots: [] })).toEqual(['build wordpress']);
    expect(await after({ changedSnapshots: [KEY] })).toEqual(['build wordpress']);
    const underWay = aMember('g', { purpose: 'golden', status: 'making' });
    expect(await after({ snapshots: [], members: [underWay] })).toEqual(['make wordpress']);
  });

  it.each([
    ['somebody waits for a store', { isQuiet: false }],
    ['there is no room', { hasRoom: false }],
    ['no store can be made', { keyOfToday: undefined }],
  ])('makes nothing while %s', async (_, changes) => {
    expect(await after({ ...changes, snapshots: [] })).toEqual([]);
  });

  it.each([
    ['is made of what was', { parts: { images: YESTERDAY, versions: {} } }],
    ['has a plan that nobody gets any more', { plan: 'gone' }],
    ['was forsaken by its maker', { status: 'making' as const, isForsaken: true }],
  ])('clears away one that %s', async (_, changes) => {
    expect(await after({ members: [aMember('a', changes)], isQuiet: false })).toEqual([
      'retire a',
      'clear a',
      'forget a',
    ]);
  });

  it('clears away one that does not run as it was made, and what is more than wished', async () => {
    const members = [aMember('a'), aMember('b'), aMember('c')];
    expect(await after({ members, broken: ['a'], isQuiet: false })).toEqual(['retire a', 'clear a', 'forget a']);
    expect(await after({ members })).toEqual(['retire c', 'clear c', 'forget c']);
  });

  it('goes on with what was begun, and holds up no other for one that cannot be cleared', async () => {
    const members = [aMember('a', { status: 'leaving' }), aMember('b', { status: 'leaving' })];
    expect(await after({ members, cannotClear: ['a'], isQuiet: false })).toEqual(['error a', 'clear b', 'forget b']);
  });

  it('forgets one that a store has, once that is made or gone, and touches nothing of it', async () => {
    const members = [aMember('a', { status: 'claimed' }), aMember('b', { status: 'claimed' })];
    expect(await after({ members, beingMade: ['a'], isQuiet: false })).toEqual(['forget b']);
  });

  it.each(['ready', 'making', 'leaving'] as const)(
    'removes nothing of one that is %s by its row and somebody’s by its folder: it is set aside, and told once',
    async (status) => {
      const members = [
        aMember('a', { status, isForsaken: true, parts: { images: YESTERDAY, versions: {} } }),
        aMember('b'),
        aMember('c'),
      ];
      const world = aWorld({ members, taken: ['a'], broken: ['a'] });
      await world.round();
      await world.round();
      expect(world.did).toEqual(['set aside a', 'told of a']);
    },
  );

  it('clears away one that was set aside once its folder is nobody’s any more', async () => {
    expect(await after({ members: [aMember('a', { status: 'aside' })], isQuiet: false })).toEqual([
      'retire a',
      'clear a',
      'forget a',
    ]);
  });

  it('touches nothing of one of which nobody can tell whose it is, and goes on with the others', async () => {
    const members = [aMember('a', { status: 'leaving' }), aMember('b', { status: 'leaving' })];
    expect(await after({ members, cannotTell: ['a'], isQuiet: false })).toEqual(['error a', 'clear b', 'forget b']);
  });

  it('keeps what there is of a platform whose parts cannot be told, makes nothing of it, and looks after the others', async () => {
    const woo: PoolWish = { platform: 'woocommerce', plan: 'starter', size: 2 };
    const members = [
      aMember('w', { platform: 'woocommerce', parts: { images: YESTERDAY, versions: {} } }),
      aMember('a', { parts: { images: YESTERDAY, versions: {} } }),
    ];
    const snapshots = [aSnapshot(KEY, 9), { ...aSnapshot('of before', 8), platform: 'woocommerce' as const }];
    expect(await after({ members, wishes: [woo, WISH], snapshots, cannotTell: ['woocommerce'] })).toEqual([
      'error woocommerce',
      'retire a',
      'clear a',
      'forget a',
      'make wordpress',
    ]);
  });

  it('keeps the snapshot before this one, and none that is older', async () => {
    const snapshots = [aSnapshot(KEY, 9), aSnapshot('b', 8), aSnapshot('c', 7), aSnapshot('d', 6)];
    expect(await after({ snapshots, isQuiet: false })).toEqual(['remove c', 'remove d']);
    expect(await after({ snapshots, keyOfToday: undefined })).toEqual([]);
  });

  describe('with pools of several platforms and plans', () => {
    const ofPlan = (plan: string, size: number): PoolWish => ({ platform: 'wordpress', plan, size });
    const woo: PoolWish = { platform: 'woocommerce', plan: 'starter', size: 1 };
    const bothSnapshots = [aSnapshot(KEY, 9), { ...aSnapshot(KEY_OF_WOO, 9), platform: 'woocommerce' as const }];

    it('makes the next one where the larger part is missing, the first named where it is the same', async () => {
      const wishes = [ofPlan('starter', 4), ofPlan('business', 1)];
      expect(await after({ wishes })).toEqual(['make wordpress']);
      expect(await after({ wishes, members: [aMember('a')] })).toEqual(['make wordpress business']);
      const both = [aMember('a'), aMember('b', { plan: 'business' })];
      expect(await after({ wishes, members: both })).toEqual(['make wordpress']);
    });

    it('keeps of each plan what is wished of it', async () => {
      const wishes = [ofPlan('starter', 1), ofPlan('business', 1)];
      const members = [aMember('a'), aMember('b', { plan: 'business' }), aMember('c', { plan: 'business' })];
      expect(await after({ wishes, members })).toEqual(['retire c', 'clear c', 'forget c']);
    });

    it('makes a small one where there is no room for a large one', async () => {
      const wishes = [ofPlan('scale', 1), ofPlan('starter', 1)];
      expect(await after({ wishes, noRoomFor: ['scale'] })).toEqual(['make wordpress']);
    });

    it('what cannot be made holds up no other, and rests for a minute', async () => {
      const wishes = [woo, ofPlan('starter', 3)];
      const world = aWorld({ wishes, snapshots: bothSnapshots, cannotMake: ['woocommerce'] });
      await world.round();
      await world.round();
      expect(world.did).toEqual(['error woocommerce', 'make wordpress', 'make wordpress']);
      world.pass(MINUTE);
      await world.round();
      expect(world.did.slice(3)).toEqual(['error woocommerce', 'make wordpress']);
    });

    it('what cannot be made again and again rests twice as long each time, sixteen minutes at most', async () => {
      const world = aWorld({ wishes: [woo], snapshots: bothSnapshots, cannotMake: ['woocommerce'] });
      await world.round();
      for (const minutes of [1, 2, 4, 8, 16, 16]) {
        const before = world.did.length;
        world.pass(minutes * MINUTE - 1);
        await world.round();
        expect(world.did.slice(before)).toEqual([]);
        world.pass(1);
        await world.round();
        expect(world.did.slice(before)).toEqual(['error woocommerce']);
      }
    });

    it('a snapshot for which there is no room holds up none of another platform', async () => {
      const wishes = [woo, ofPlan('starter', 1)];
      expect(await after({ wishes, snapshots: [], noRoomFor: ['woocommerce'] })).toEqual(['build wordpress']);
    });

    it('a snapshot that cannot be made holds up none of another platform', async () => {
      const world = aWorld({
        wishes: [woo, ofPlan('starter', 1)],
        snapshots: [],
        cannotMake: ['snapshot of woocommerce'],
      });
      await world.round();
      expect(world.did).toEqual(['error woocommerce', 'build wordpress']);
    });
  });
});
