import type { Config } from '../config/config.ts';
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

/** How many shops of which platform and plan should wait now. */
export async function poolWishes({
  config,
  repositories,
}: {
  readonly config: Pick<Config, 'pool'>;
  readonly repositories: Pick<Adapters['repositories'], 'platformSettings' | 'plans' | 'stores'>;
}): Promise<PoolWish[]> {
  const { poolSizes } = await repositories.platformSettings.read();
  const plans = await repositories.plans.list();
  const now = Date.now();
  const [inFiveMinutes, inAnHour] = await Promise.all(
    [5 * MINUTE, HOUR].map((ms) => repositories.stores.countOrderedSince(new Date(now - ms))),
  );
  return PLATFORMS_AHEAD.flatMap((platform) => {
    const plan = plans.find(({ isDefault, memoryMb }) => isDefault && memoryMb >= stackOf(platform).leastMemoryMb);
    if (plan === undefined) return [];
    const orders = { inFiveMinutes: inFiveMinutes?.[platform] ?? 0, inAnHour: inAnHour?.[platform] ?? 0 };
    const { least, most } = config.pool;
    const size =
      poolSizes[platform] ?? poolSizeFor(orders, { least, most: least === 0 ? 0 : most, makingMs: MAKING_MS });
    return [{ platform, plan: plan.name, size }];
  });
}
