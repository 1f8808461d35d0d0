import type { PlatformSettingsRepository } from '../adapters/mysql/platform-settings.ts';
import type { PoolMemberRepository } from '../adapters/mysql/pool-members.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { PlatformName } from '../domain/store.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import type { DeskPool, DeskServices } from '../web/services/desk.ts';

export interface PoolDeskDeps {
  readonly poolMembers: Pick<PoolMemberRepository, 'listWaiting' | 'drain'>;
  readonly platformSettings: Pick<PlatformSettingsRepository, 'read' | 'change'>;
  /** How many should wait, by platform and plan. */
  readonly poolWishes: () => Promise<readonly (Pick<DeskPool, 'platform' | 'plan'> & { readonly size: number })[]>;
  /** Whose shops can be made before they have an owner. */
  readonly platformsAhead: readonly PlatformName[];
  readonly now: () => Date;
}

/** See `DeskServices`: shops that wait for an owner. */
export function createPoolDesk({
  poolMembers,
  platformSettings,
  poolWishes,
  platformsAhead,
  now,
}: PoolDeskDeps): Pick<DeskServices, 'pool' | 'resizePool' | 'drainPool'> {
  function platformOf(text: string): PlatformName {
    const platform = platformsAhead.find((name) => name === text);
    if (platform !== undefined) return platform;
    throw new InvalidInputError('platform', `Choose one of: ${platformsAhead.join(', ')}. No other is made ahead.`);
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
          sizedBy: poolSizes[platform] === undefined ? 'auto' : 'operator',
          ready: count('ready'),
          making: count('making'),
          leaving: count('leaving'),
        };
      });
      return { pools, members: members.map(withIsoDates) };
    },

    async resizePool(origin: Origin, platform: string, size: string) {
      const name = platformOf(platform);
      if (size !== 'auto' && !/^\d{1,3}$/.test(size)) {
        throw new InvalidInputError('size', 'The size is a whole number, or "auto".');
      }
      const { [name]: _, ...others } = (await platformSettings.read()).poolSizes;
      const poolSizes = size === 'auto' ? others : { ...others, [name]: Number(size) };
      await platformSettings.change({ poolSizes }, origin, now());
    },

    async drainPool(origin: Origin, platform: string | undefined) {
      return poolMembers.drain(platform === undefined ? undefined : platformOf(platform), origin, now());
    },
  };
}
