import type { Log } from '../adapters/log/create-log.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import { isBeingMade } from '../domain/lifecycle.ts';
import { planWithoutWish } from '../domain/plans.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { createPoolKeeper } from '../monitoring/keep-pool.ts';
import { storeAhead } from '../provisioning/make-ahead.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { createAhead } from './ahead.ts';
import { whyUnavailable } from './availability.ts';
import { hasRoomAhead } from './capacity.ts';
import { partsOfToday } from './choose-parts.ts';
import { PLATFORMS_AHEAD, poolWishes } from './pool-wishes.ts';
import { fingerprintOf } from './waiting-shops.ts';

/** As a step that starts a store may take: a search engine takes half of it. */
const START_WITHIN_MS = 3 * MINUTE;
const LOOK_WITHIN_MS = 30 * SECOND;

/** Looks after the pool and the snapshots that it is made of. */
export function createPoolChore(
  adapters: Adapters,
  owner: string,
  { log, stopping }: { log: Log; stopping: AbortSignal },
): () => Promise<void> {
  const { config, repositories, containers, golden, takenMarks } = adapters;
  const ahead = createAhead(adapters, owner);
  return createPoolKeeper({
    members: repositories.poolMembers,
    isBeingMade: async (id) => {
      const store = await repositories.stores.find({ id });
      return store !== undefined && isBeingMade(store.status);
    },
    isTaken: takenMarks.isTaken,
    async isWhole(member) {
      const store = storeAhead(member, config.baseDomain);
      const states = new Set(Object.values(await containers.look(store)).map(({ state }) => state));
      if (states.size === 0 || states.has('missing') || states.has('unhealthy')) return false;
      if (member.fingerprint !== (await fingerprintOf(store, adapters))) return false;
      if (!states.has('stopped')) return true;
      // After a reboot, or `down --stores`: it goes on where it was, or it goes.
      const isUp = containers.ensureRunning(store, AbortSignal.timeout(START_WITHIN_MS), () => undefined);
      return isUp.then(
        // As the first time: whoever claims it waits for nobody.
        () => containers.giveFullWeight(store).then(() => true),
        () => false,
      );
    },
    async keyOfToday(platform) {
      if ((await whyUnavailable(platform, adapters)) !== undefined) return undefined;
      const { images } = await partsOfToday(platform, adapters, AbortSignal.timeout(LOOK_WITHIN_MS));
      return goldenKeyOf(platform, images);
    },
    wishes: () => poolWishes(adapters),
    isQuiet: async () => !stopping.aborted && !(await repositories.runStatistics.hasDue(['provision', 'repair'])),
    async hasRoom(platform, plan) {
      const plans = await repositories.plans.list();
      const usual = planWithoutWish(plans, stackOf(platform).leastMemoryMb);
      const wished = plan === undefined ? usual : plans.find(({ name }) => name === plan);
      return hasRoomAhead(adapters, wished?.memoryMb ?? 0);
    },
    platforms: PLATFORMS_AHEAD,
    ...(config.usesSnapshots ? { snapshots: golden } : {}),
    async buildSnapshot(platform) {
      const key = await ahead.buildSnapshot(platform, stopping, () => undefined);
      log.info({ platform, key }, 'Snapshot made');
    },
    makeMember: (wish) => ahead.makeMember(wish, stopping),
    clear: ahead.clear,
    onSetAside: ({ id }) =>
      log.error(
        { id },
        'A shop that waits by this database is somebody’s by its folder: set aside; see: shopctl doctor',
      ),
    now: () => new Date(),
    onError: (facts, thrown) => log.warn({ ...facts, err: thrown }, 'Pool not looked after'),
  });
}
