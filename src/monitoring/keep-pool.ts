import type { GoldenSnapshot } from '../domain/golden-snapshot.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import type { PoolMember } from '../domain/pool-member.ts';
import type { PlatformName } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { isSetAside, type SetAsideDeps } from './set-aside-taken.ts';

/** How many shops of a platform and plan should wait for an owner. */
export interface PoolWish {
  readonly platform: PlatformName;
  readonly plan: string;
  readonly size: number;
}

export interface PoolKeeperDeps extends SetAsideDeps {
  readonly members: SetAsideDeps['members'] & {
    list(): Promise<readonly PoolMember[]>;
    retire(id: string): Promise<boolean>;
    forget(id: string): Promise<void>;
  };
  /** Has the store of this id still to be made, by what the member's row says of it? */
  readonly isBeingMade: (storeId: string) => Promise<boolean>;
  /** Every part of it runs, and is what it was when it was made; what only stands still is started. */
  readonly isWhole: (member: PoolMember) => Promise<boolean>;
  /** What a new store would be made of today, as a snapshot's key; `undefined` where none can be made. */
  readonly keyOfToday: (platform: PlatformName) => Promise<string | undefined>;
  readonly wishes: () => Promise<readonly PoolWish[]>;
  /** Nobody waits for a store of his own: those come first. */
  readonly isQuiet: () => Promise<boolean>;
  /** For one more of this platform and plan; without a plan, of what somebody gets who wishes for none. */
  readonly hasRoom: (platform: PlatformName, plan?: string) => Promise<boolean>;
  /** Platforms whose shops can be made before they have an owner. */
  readonly platforms: readonly PlatformName[];
  /** Absent where stores are always installed anew. */
  readonly snapshots?: {
    list(): Promise<readonly GoldenSnapshot[]>;
    /** It is as it was kept, and would be copied. */
    isWhole(key: string): Promise<boolean>;
    remove(key: string): Promise<void>;
  };
  readonly buildSnapshot: (platform: PlatformName) => Promise<void>;
  readonly makeMember: (wish: PoolWish) => Promise<void>;
  readonly now: () => Date;
  /** Removes all that was made of it. */
  readonly clear: (member: PoolMember) => Promise<void>;
  readonly onError: (facts: { readonly id?: string; readonly platform?: PlatformName }, thrown: unknown) => void;
}

/** Those of a platform that stay: what stores are made of today, and what they were before that. */
const SNAPSHOTS_KEPT = 2;

/**
 * So long nobody tries again what could not be made: others have their turn, and the machine its peace. Twice as long
 * after each further failure of the same parts: an image of others that cannot do it would be tried for ever.
 */
const REST_AFTER_FAILURE_MS = MINUTE;
const LONGEST_REST_MS = 16 * MINUTE;

/**
 * One look after everything that is made before anybody wants it: what nobody can have any more goes, the snapshot of
 * today is made, and shops that wait for an owner are made one at a time, only while no customer waits. What cannot be
 * made rests for a minute, then for longer, and holds up nothing else.
 */
export function createPoolKeeper(deps: PoolKeeperDeps): () => Promise<void> {
  const rests = new Map<string, { readonly until: number; readonly ms: number }>();
  const attempt: Attempt = async (what, platform, make) => {
    const rest = rests.get(what);
    if ((rest?.until ?? 0) > deps.now().getTime() || !(await deps.isQuiet())) return false;
    try {
      await make();
      rests.delete(what);
      return true;
    } catch (thrown) {
      const ms = rest === undefined ? REST_AFTER_FAILURE_MS : Math.min(2 * rest.ms, LONGEST_REST_MS);
      rests.set(what, { until: deps.now().getTime() + ms, ms });
      deps.onError({ platform }, thrown);
      return false;
    }
  };
  return async () => {
    const keys = await keysOfToday(deps);
    const kept = await tidy(deps, keys);
    await removeOldSnapshots(deps, keys);
    if (!(await deps.isQuiet())) return;
    if (await buildMissingSnapshot(deps, keys, kept, attempt)) return;
    await makeMissingMember(deps, keys, kept, attempt);
  };
}

/** True when it was made; false when it was not, or rests. */
type Attempt = (what: string, platform: PlatformName, make: () => Promise<void>) => Promise<boolean>;

/** By platform; one of which it cannot be told just now is missing: what there is of it stays, and nothing is made of it. */
type Keys = ReadonlyMap<PlatformName, string | undefined>;

async function keysOfToday({ platforms, keyOfToday, onError }: PoolKeeperDeps): Promise<Keys> {
  const keys = new Map<PlatformName, string | undefined>();
  for (const platform of platforms) {
    try {
      keys.set(platform, await keyOfToday(platform));
    } catch (thrown) {
      onError({ platform }, thrown);
    }
  }
  return keys;
}

/** Returns the members that stay. */
async function tidy(deps: PoolKeeperDeps, keys: Keys): Promise<readonly PoolMember[]> {
  const wishes = await deps.wishes();
  const room = new Map(wishes.map((wish) => [`${wish.platform} ${wish.plan}`, wish.size]));
  const kept: PoolMember[] = [];
  for (const member of await deps.members.list()) {
    try {
      if (member.status === 'claimed') {
        if (!(await deps.isBeingMade(member.id))) await deps.members.forget(member.id);
      } else if (await isSetAside(deps, member)) continue;
      else if (await mayStay(deps, member, keys, room)) kept.push(member);
      else if (member.status === 'leaving' || (await deps.members.retire(member.id))) {
        await deps.clear(member);
        await deps.members.forget(member.id);
      }
    } catch (thrown) {
      deps.onError({ id: member.id }, thrown);
    }
  }
  return kept;
}

async function mayStay(
  deps: PoolKeeperDeps,
  member: PoolMember,
  keys: Keys,
  room: Map<string, number>,
): Promise<boolean> {
  if (member.status === 'leaving' || member.status === 'aside') return false;
  if (member.status === 'making') return !member.isForsaken;
  const place = `${member.platform} ${member.plan}`;
  const left = room.get(place) ?? 0;
  if (left < 1 || member.parts === undefined) return false;
  const isOfToday = goldenKeyOf(member.platform, member.parts.images) === keys.get(member.platform);
  if (keys.has(member.platform) && !isOfToday) return false;
  if (!(await deps.isWhole(member))) return false;
  room.set(place, left - 1);
  return true;
}

async function removeOldSnapshots({ snapshots, platforms }: PoolKeeperDeps, keys: Keys): Promise<void> {
  if (snapshots === undefined) return;
  const all = await snapshots.list();
  for (const platform of platforms) {
    const today = keys.get(platform);
    // Nothing is known of what stores are made of: nothing is thrown away for that.
    if (today === undefined) continue;
    const old = all.filter((snapshot) => snapshot.platform === platform && snapshot.key !== today);
    for (const { key } of old.slice(SNAPSHOTS_KEPT - 1)) await snapshots.remove(key);
  }
}

/** Returns whether one was made. */
async function buildMissingSnapshot(
  deps: PoolKeeperDeps,
  keys: Keys,
  members: readonly PoolMember[],
  attempt: Attempt,
): Promise<boolean> {
  if (deps.snapshots === undefined) return false;
  for (const platform of deps.platforms) {
    const key = keys.get(platform);
    const isUnderWay = members.some((member) => member.purpose === 'golden' && member.platform === platform);
    if (key === undefined || isUnderWay || (await deps.snapshots.isWhole(key))) continue;
    if (!(await deps.hasRoom(platform))) continue;
    if (await attempt(`snapshot ${platform} ${key}`, platform, () => deps.buildSnapshot(platform))) return true;
  }
  return false;
}

/** Where the larger part is missing, the next one is made. */
async function makeMissingMember(
  deps: PoolKeeperDeps,
  keys: Keys,
  members: readonly PoolMember[],
  attempt: Attempt,
): Promise<void> {
  const waiting = members.filter(({ purpose }) => purpose === 'pool');
  const missing = (await deps.wishes())
    .map((wish) => {
      const has = waiting.filter(({ platform, plan }) => platform === wish.platform && plan === wish.plan).length;
      return { wish, part: wish.size === 0 ? 1 : has / wish.size };
    })
    .filter(({ wish, part }) => keys.get(wish.platform) !== undefined && part < 1);
  for (const { wish } of missing.toSorted((a, b) => a.part - b.part)) {
    const { platform, plan } = wish;
    if (!(await deps.hasRoom(platform, plan))) continue;
    if (await attempt(`${platform} ${plan} ${keys.get(platform)}`, platform, () => deps.makeMember(wish))) return;
  }
}
