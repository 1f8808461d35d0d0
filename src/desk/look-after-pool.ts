import type { PlatformSettingsRepository } from '../adapters/mysql/platform-settings.ts';
import type { PoolMemberRepository } from '../adapters/mysql/pool-members.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import type { DeskPool, DeskServices } from '../web/services/desk.ts';

export interface PoolDeskDeps {
  readonly poolMembers: Pick<PoolMemberRepository, 'listWaiting' | 'drain'>;
  readonly platformSettings: Pick<PlatformSettingsRepository, 'read' | 'change'>;
  /** How many should wait, by platform and plan; of each platform what somebody gets who wishes for no plan comes first. */
  readonly poolWishes: () => Promise<readonly (Pick<DeskPool, 'platform' | 'plan'> & { readonly size: number })[]>;
  readonly now: () => Date;
}

/** See `DeskServices`: shops that wait for an owner. */
export function createPoolDesk({
  poolMembers,
  platformSettings,
  poolWishes,
  now,
}: PoolDeskDeps): Pick<DeskServices, 'pool' | 'resizePool' | 'drainPool'> {
  /** Of a platform and plan; without a plan, of the one that somebody gets who wishes for none. */
  async function poolOf(of: { readonly platform: string; readonly plan?: string }) {
    const all = await poolWishes();
    const pools = all.filter(({ platform }) => platform === of.platform);
    const pool = of.plan === undefined ? pools[0] : pools.find(({ plan }) => plan === of.plan);
    if (pool !== undefined) return pool;
    const field = pools.length === 0 ? 'platform' : 'plan';
    const known = pools.length === 0 ? all.map(({ platform }) => platform) : pools.map(({ plan }) => plan);
    throw new InvalidInputError(field, `Choose one of: ${[...new Set(known)].join(', ')}. No other is made ahead.`);
  }

  return {
    async pool() {
      const [wishes, { poolSizes }, members] = await Promise.all([
        poolWishes(),
        platformSettings.read(),
        poolMembers.listWaiting(),
      ]);
      const pools = wishes.map(({ platform, plan, size }): DeskPool => {
        const ours = members.filter((member) => member.platform === platform && member.plan === plan);
        const count = (status: string): number => ours.filter((member) => member.status === status).length;
        return {
          platform,
          plan,
          wished: size,
          sizedBy: poolSizes[platform]?.[plan] === undefined ? 'auto' : 'operator',
          ready: count('ready'),
          making: count('making'),
          leaving: count('leaving'),
        };
      });
      return { pools, members: members.map(withIsoDates) };
    },

    async resizePool(origin, of, size) {
      const { platform, plan } = await poolOf(of);
      if (size !== 'auto' && !/^\d{1,3}$/.test(size)) {
        throw new InvalidInputError('size', 'The size is a whole number, or "auto".');
      }
      const { poolSizes } = await platformSettings.read();
      const { [plan]: _, ...others } = poolSizes[platform] ?? {};
      const sizes = size === 'auto' ? others : { ...others, [plan]: Number(size) };
      await platformSettings.change({ poolSizes: { ...poolSizes, [platform]: sizes } }, origin, now());
    },

    async drainPool(origin, { platform, plan }) {
      if (platform === undefined) return poolMembers.drain({}, origin, now());
      const ofPlan = plan === undefined ? {} : { plan };
      const pool = await poolOf({ platform, ...ofPlan });
      return poolMembers.drain({ platform: pool.platform, ...ofPlan }, origin, now());
    },
  };
}
