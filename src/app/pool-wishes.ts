import type { Config } from '../config/config.ts';
import { plansWithMemory, planWithoutWish } from '../domain/plans.ts';
import { poolSizeFor } from '../domain/pool-size.ts';
import { PLATFORM_NAMES, type PlatformName } from '../domain/store.ts';
import { HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { PoolWish } from '../monitoring/keep-pool.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';

/** What one takes when the machine is busy; the pool is sized by it. */
const MAKING_MS = 10 * SECOND;

/** Platforms whose shops can be made before they have an owner. */
export const PLATFORMS_AHEAD: readonly PlatformName[] = PLATFORM_NAMES.filter((name) => stackOf(name).ahead !== null);

/**
 * How many shops of which platform and plan should wait now. Of the plan that somebody gets who wishes for none there is
 * always one, of others those that are ordered; of each platform the former comes first. Of a platform that an operator
 * sets up by hand (Magento) one that waits takes much: there it is only those that are ordered.
 */
export async function poolWishes({
  config,
  repositories,
}: {
  readonly config: Pick<Config, 'pool'>;
  readonly repositories: {
    readonly platformSettings: Pick<Adapters['repositories']['platformSettings'], 'read'>;
    readonly plans: Pick<Adapters['repositories']['plans'], 'list'>;
    readonly stores: Pick<Adapters['repositories']['stores'], 'countOrderedSince'>;
  };
}): Promise<PoolWish[]> {
  const now = Date.now();
  const [{ poolSizes }, plans, inFiveMinutes, inAnHour] = await Promise.all([
    repositories.platformSettings.read(),
    repositories.plans.list(),
    repositories.stores.countOrderedSince(new Date(now - 5 * MINUTE)),
    repositories.stores.countOrderedSince(new Date(now - HOUR)),
  ]);
  const { least, most } = config.pool;
  return PLATFORMS_AHEAD.flatMap((platform) => {
    const { leastMemoryMb, preparation } = stackOf(platform);
    const usual = planWithoutWish(plans, leastMemoryMb)?.name;
    const names = plansWithMemory(plans, leastMemoryMb).map(({ name }) => name);
    return names
      .toSorted((a, b) => Number(b === usual) - Number(a === usual))
      .map((plan): PoolWish => {
        const of = (orders: typeof inAnHour): number =>
          orders.find((each) => each.platform === platform && each.plan === plan)?.count ?? 0;
        const orders = { inFiveMinutes: of(inFiveMinutes), inAnHour: of(inAnHour) };
        const isAlwaysThere = plan === usual && preparation === 'at-start';
        const bounds = { least: isAlwaysThere ? least : 0, most: least === 0 ? 0 : most, makingMs: MAKING_MS };
        return { platform, plan, size: poolSizes[platform]?.[plan] ?? poolSizeFor(orders, bounds) };
      });
  });
}
