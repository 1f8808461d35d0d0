import type { GoldenSnapshot } from '../domain/golden-snapshot.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import type { PoolMember } from '../domain/pool-member.ts';
import type { PlatformName } from '../domain/store.ts';

/** How many shops of a platform and plan should wait for an owner. */
export interface PoolWish {
  readonly platform: PlatformName;
  readonly plan: string;
  readonly size: number;
}

export interface PoolKeeperDeps {
  readonly members: {
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
  readonly hasRoom: () => Promise<boolean>;
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
  /** Removes all that was made of it. */
  readonly clear: (member: PoolMember) => Promise<void>;
  readonly onError: (facts: { readonly id?: string; readonly platform?: PlatformName }, thrown: unknown) => void;
}

/** Those of a platform that stay: what stores are made of today, and what they were before that. */
const SNAPSHOTS_KEPT = 2;

/**
 * One look after everything that is made before anybody wants it: what nobody can have any more goes, the snapshot of
 * today is made, and shops that wait for an owner are made one at a time, only while no customer waits.
 */
export function createPoolKeeper(deps: PoolKeeperDeps): () => Promise<void> {
  return async () => {
    const keys = new Map<PlatformName, string | undefined>();
    for (const platform of deps.platforms) keys.set(platform, await deps.keyOfToday(platform));
    const kept = await tidy(deps, keys);
    await removeOldSnapshots(deps, keys);
    if (!(await deps.isQuiet()) || !(await deps.hasRoom())) return;
    if (await buildMissingSnapshot(deps, keys, kept)) return;
    await makeMissingMember(deps, keys, kept);
  };
}

/** Returns the members that stay. */
async function tidy(
  deps: PoolKeeperDeps,
  keys: ReadonlyMap<PlatformName, string | undefined>,
): Promise<readonly PoolMember[]> {
  const wishes = await deps.wishes();
  const room = new Map(wishes.map((wish) => [`${wish.platform} ${wish.plan}`, wish.size]));
  const kept: PoolMember[] = [];
  for (const member of await deps.members.list()) {
    try {
      if (member.status === 'claimed') {
        if (!(await deps.isBeingMade(member.id))) await deps.members.forget(member.id);
      } else if (await mayStay(deps, member, keys, room)) kept.push(member);
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
  keys: ReadonlyMap<PlatformName, string | undefined>,
  room: Map<string, number>,
): Promise<boolean> {
  if (member.status === 'leaving') return false;
  if (member.status === 'making') return !member.isForsaken;
  const place = `${member.platform} ${member.plan}`;
  const left = room.get(place) ?? 0;
  if (left < 1 || member.parts === undefined) return false;
  if (goldenKeyOf(member.platform, member.parts.images) !== keys.get(member.platform)) return false;
  if (!(await deps.isWhole(member))) return false;
  room.set(place, left - 1);
  return true;
}

async function removeOldSnapshots(
  { snapshots, platforms }: PoolKeeperDeps,
  keys: ReadonlyMap<PlatformName, string | undefined>,
): Promise<void> {
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

async function buildMissingSnapshot(
  deps: PoolKeeperDeps,
  keys: ReadonlyMap<PlatformName, string | undefined>,
  members: readonly PoolMember[],
): Promise<boolean> {
  if (deps.snapshots === undefined) return false;
  for (const platform of deps.platforms) {
    const key = keys.get(platform);
    const isUnderWay = members.some((member) => member.purpose === 'golden' && member.platform === platform);
    if (key === undefined || isUnderWay || (await deps.snapshots.isWhole(key))) continue;
    await deps.buildSnapshot(platform).catch((thrown: unknown) => deps.onError({ platform }, thrown));
    return true;
  }
  return false;
}

async function makeMissingMember(
  deps: PoolKeeperDeps,
  keys: ReadonlyMap<PlatformName, string | undefined>,
  members: readonly PoolMember[],
): Promise<void> {
  for (const wish of await deps.wishes()) {
    const { platform, plan, size } = wish;
    const has = members.filter((m) => m.purpose === 'pool' && m.platform === platform && m.plan === plan).length;
    if (keys.get(platform) === undefined || has >= size) continue;
    await deps.makeMember(wish).catch((thrown: unknown) => deps.onError({ platform }, thrown));
    return;
  }
}
