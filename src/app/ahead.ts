import { askStore } from '../adapters/http/ask-store.ts';
import { AppError } from '../domain/errors.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import { NOBODY_ID } from '../domain/names.ts';
import { planWithoutWish } from '../domain/plans.ts';
import type { MemberPurpose, PoolMember } from '../domain/pool-member.ts';
import type { PlatformName } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { storeAhead } from '../provisioning/make-ahead.ts';
import type { Snapshots } from '../provisioning/steps/start-containers.ts';
import { AHEAD_LEASE_MS, type Hold, whileRenewed } from '../provisioning/while-renewed.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { makerForNobody, makeSnapshot } from './make-for-nobody.ts';
import { readPools } from './read-pools.ts';
import { fingerprintOf } from './waiting-shops.ts';

const CLEAR_WITHIN_MS = 2 * MINUTE;
const WARM_UP_WITHIN_MS = MINUTE;

/** What a store of today begins with, instead of being installed anew, wherever there is such a snapshot. */
export function snapshotsOf({
  config,
  golden,
  containers,
}: Pick<Adapters, 'config' | 'golden' | 'containers'>): Snapshots {
  return {
    async lay(store, signal, log) {
      const { ahead } = stackOf(store.platform);
      if (ahead === null || !(await golden.awaits(store, ahead))) return;
      // Whatever has run was begun otherwise, and may have its folders open. One that is merely there has nothing open.
      if (await containers.haveStarted(store)) return;
      const key = config.usesSnapshots ? goldenKeyOf(store.platform, store.images) : undefined;
      const isLaid = await golden.lay(store, key, ahead, signal);
      if (isLaid) log('copied from a shop that was installed before');
    },
  };
}

export interface Ahead {
  /** Makes a shop that is nobody's and lets it wait for an owner. Throws when it cannot be made; then nothing is left of it but its row. */
  makeMember(wish: { platform: PlatformName; plan: string }, signal: AbortSignal): Promise<void>;
  /** Installs a shop as nobody's, stops it in good order and keeps it, to be copied. */
  buildSnapshot(platform: PlatformName, signal: AbortSignal, log: (line: string) => void): Promise<string>;
  /** All that was made of it is gone. Throws `not_allowed_now` where its folder is marked as somebody's, and removes nothing. */
  clear(member: Pick<PoolMember, 'id'>): Promise<void>;
}

/** What is made before anybody wants it, on the real world, by the same steps as a store. */
export function createAhead(adapters: Adapters, owner: string, ask: typeof askStore = askStore): Ahead {
  const { config, repositories, containers, directories, golden, takenMarks } = adapters;
  const { poolMembers } = repositories;
  const makeFromSnapshot = makerForNobody(adapters, owner, snapshotsOf(adapters));

  async function begin(purpose: MemberPurpose, platform: PlatformName, plan: string): Promise<PoolMember> {
    const wish = { purpose, platform, plan, owner, leaseMs: AHEAD_LEASE_MS, now: new Date() };
    return poolMembers.begin(wish, await readPools(adapters));
  }

  /** Whoever claims it finds its pages compiled; and one that shows none is not kept for anybody. */
  async function warmUp({ platform, port }: PoolMember, signal: AbortSignal): Promise<void> {
    const { ahead } = stackOf(platform);
    if (ahead === null) return;
    const within = AbortSignal.any([signal, AbortSignal.timeout(WARM_UP_WITHIN_MS)]);
    for (const path of ahead.warmUp.paths) await ask({ port, host: ahead.warmUp.host }, path, within);
  }

  /** It is ours from its beginning until nobody can take it for forsaken any more. */
  const whileOurs = <T>({ id }: PoolMember, stopping: AbortSignal, work: (hold: Hold) => Promise<T>): Promise<T> =>
    whileRenewed({ id, renew: (leaseMs) => poolMembers.renew(id, owner, leaseMs), stopping }, work);

  async function clear({ id }: Pick<PoolMember, 'id'>): Promise<void> {
    if (await takenMarks.isTaken({ id }))
      throw new AppError('not_allowed_now', `${id} is somebody’s: it is not removed.`);
    await containers.remove({ id }, AbortSignal.timeout(CLEAR_WITHIN_MS));
    await directories.remove({ id, customerId: NOBODY_ID });
    await golden.abandon({ id });
  }

  return {
    clear,
    async makeMember({ platform, plan }, signal) {
      const member = await begin('pool', platform, plan);
      try {
        await whileOurs(member, signal, async (hold) => {
          await makeFromSnapshot(member, hold.signal, () => undefined);
          await warmUp(member, hold.signal);
          const shop = storeAhead(await poolMembers.get(member.id), config.baseDomain);
          // Somebody may claim it the moment it is there.
          await containers.giveFullWeight(shop);
          const fingerprint = await fingerprintOf(shop, adapters);
          hold.signal.throwIfAborted();
          const isOurs = await poolMembers.enter(member.id, owner, fingerprint);
          if (!isOurs) throw new Error(`${member.id} is not ours to let wait any more.`);
        });
      } catch (thrown) {
        await poolMembers.retire(member.id);
        throw thrown;
      }
    },
    async buildSnapshot(platform, signal, log) {
      const { ahead } = stackOf(platform);
      if (ahead === null) throw new Error(`${platform} has no snapshots.`);
      const plan = planWithoutWish(await repositories.plans.list(), stackOf(platform).leastMemoryMb);
      const member = await begin('golden', platform, plan?.name ?? '');
      try {
        return await whileOurs(member, signal, (hold) => makeSnapshot(adapters, { member, ahead, owner }, hold, log));
      } finally {
        await poolMembers.retire(member.id);
        await clear(member);
        await poolMembers.forget(member.id);
      }
    },
  };
}
