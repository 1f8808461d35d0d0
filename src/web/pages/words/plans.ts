import { plansWithMemory, planWithoutWish } from '../../../domain/plans.ts';
import type { Plan } from '../../../domain/store.ts';
import type { Offer, PlatformOffer } from '../../services.ts';
import { platformTitle } from './platforms.ts';

/** `€9`, `€9.50`; what a month costs. */
export function monthlyPrice({ priceCents }: Pick<Plan, 'priceCents'>): string {
  const digits = priceCents % 100 === 0 ? 0 : 2;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency: 'EUR',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(priceCents / 100);
}

/** `1 GB memory, 5 GB storage`. */
export function planLimits({ memoryMb, diskMb }: Pick<Plan, 'memoryMb' | 'diskMb'>): string {
  return `${memoryInWords(memoryMb)} memory, ${memoryInWords(diskMb)} storage`;
}

/** `Starter`. */
export function planTitle({ name }: Pick<Plan, 'name'>): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/**
 * What the plan of a platform must be, where the usual one is too small: `Needs the Business plan or larger: 2 GB, €29 a
 * month.` `null` where nobody has to think of it.
 */
export function planNeed({ leastMemoryMb }: PlatformOffer, plans: readonly Plan[]): string | null {
  const usual = planWithoutWish(plans, 0);
  const needed = planWithoutWish(plans, leastMemoryMb);
  if (needed === undefined || needed.name === usual?.name) return null;
  const isLargest = plansWithMemory(plans, needed.memoryMb).length === 1;
  const which = `Needs the ${planTitle(needed)} plan${isLargest ? '' : ' or larger'}`;
  return `${which}: ${memoryInWords(needed.memoryMb)}, ${monthlyPrice(needed)} a month.`;
}

/** `Magento: €29, 2 GB memory, 20 GB storage`: of each platform that can be had, but not with the usual plan. */
export function pricesAbove({ platforms, plans }: Pick<Offer, 'platforms' | 'plans'>): readonly string[] {
  const usual = planWithoutWish(plans, 0);
  return platforms
    .filter(({ unavailable }) => unavailable === null)
    .flatMap(({ name, leastMemoryMb }) => {
      const needed = planWithoutWish(plans, leastMemoryMb);
      if (needed === undefined || needed === usual) return [];
      return [`${platformTitle(name)}: ${monthlyPrice(needed)}, ${planLimits(needed)}`];
    });
}

/** `Not enough for Magento.`: what can be had here, but not with this plan; `null` when it is enough for all. */
export function tooSmallFor({ memoryMb }: Plan, { platforms }: Pick<Offer, 'platforms'>): string | null {
  const titles = platforms
    .filter(({ unavailable, leastMemoryMb }) => unavailable === null && leastMemoryMb > memoryMb)
    .map(({ name }) => platformTitle(name));
  return titles.length === 0 ? null : `Not enough for ${new Intl.ListFormat('en-GB').format(titles)}.`;
}

/** Does it depend on the platform which plan is right for somebody who wishes for none? */
export const dependsOnPlatform = (choices: Pick<Offer, 'platforms' | 'plans'>): boolean =>
  plansWithoutWish(choices).size > 1;

/** What a month costs where no plan is wished for, as long as the platform is open: `from €9`; `null` without plans. */
export function priceWithoutWish(choices: Pick<Offer, 'platforms' | 'plans'>): string | null {
  const prices = [...plansWithoutWish(choices)].map(({ priceCents }) => priceCents);
  return prices.length === 0 ? null : `from ${monthlyPrice({ priceCents: Math.min(...prices) })}`;
}

function plansWithoutWish({ platforms, plans }: Pick<Offer, 'platforms' | 'plans'>): ReadonlySet<Plan> {
  const found = platforms
    .filter(({ unavailable }) => unavailable === null)
    .map(({ leastMemoryMb }) => planWithoutWish(plans, leastMemoryMb));
  return new Set(found.filter((plan) => plan !== undefined));
}

/** `1.5 GB` or `320 MB`. */
export function diskInWords(bytes: number): string {
  const mb = bytes / 1024 / 1024;
  return mb < 1000 ? `${Math.round(mb)} MB` : memoryInWords(mb);
}

/** `1.5 GB`. */
export function memoryInWords(mb: number): string {
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(mb / 1024)} GB`;
}
