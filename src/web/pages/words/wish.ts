import { planWithoutWish } from '../../../domain/plans.ts';
import type { Plan, PlatformName } from '../../../domain/store.ts';
import type { Offer, PlatformOffer } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import { memoryInWords, monthlyPrice, planTitle } from './plans.ts';
import { platformTitle } from './platforms.ts';

type Choices = Pick<Offer, 'platforms' | 'plans'>;

/** What is chosen in the form so far. */
export interface Wish {
  /** `undefined` where none can be had. */
  readonly platform: PlatformName | undefined;
  /** The name of the plan that somebody chose; `null` = whichever the platform needs. */
  readonly plan: string | null;
  /** What the last choice has changed besides itself; empty when nothing. */
  readonly said: string;
}

/** As the page comes: what was sent before, or else the first platform that can be had and no plan. */
export function firstWish({ platforms, plans }: Choices, refusal: Pick<Refusal, 'values'> | undefined): Wish {
  const open = platforms.filter(({ unavailable }) => unavailable === null);
  const sent = open.find(({ name }) => name === refusal?.values['platform']) ?? open[0];
  const plan = plans.find(({ name }) => name === refusal?.values['plan']);
  return { platform: sent?.name, plan: plan?.name ?? null, said: '' };
}

/** The plan that the store will have: the one wished for where it is large enough, else the one that the platform needs. */
export function planOf({ platform, plan }: Wish, { platforms, plans }: Choices): Plan | undefined {
  const leastMemoryMb = leastMemoryOf(platforms, platform);
  const wished = plans.find(({ name }) => name === plan);
  return wished !== undefined && wished.memoryMb >= leastMemoryMb ? wished : planWithoutWish(plans, leastMemoryMb);
}

/** The plan wished for stays wished for: coming back to a smaller platform brings it back. */
export function choosePlatform(before: Wish, platform: PlatformName, choices: Choices): Wish {
  const chosen = { ...before, platform };
  const [was, is] = [planOf(before, choices), planOf(chosen, choices)];
  return { ...chosen, said: is === undefined || is.name === was?.name ? '' : planMoved(chosen, was, is, choices) };
}

export const chooseWishedPlan = (before: Wish, plan: string | null): Wish => ({ ...before, plan, said: '' });

/** Is this plan too small for what is chosen? */
export const isTooSmall = ({ memoryMb }: Plan, { platform }: Wish, { platforms }: Choices): boolean =>
  memoryMb < leastMemoryOf(platforms, platform);

function planMoved(
  { platform = '' }: { readonly platform?: string | undefined },
  was: Plan | undefined,
  is: Plan,
  { platforms }: Choices,
): string {
  const leastMemoryMb = leastMemoryOf(platforms, platform);
  const why =
    was !== undefined && was.memoryMb < leastMemoryMb
      ? `${platformTitle(platform)} needs ${memoryInWords(leastMemoryMb)} of memory. `
      : '';
  return `${why}The plan is now ${planTitle(is)}, ${monthlyPrice(is)} a month.`;
}

function leastMemoryOf(platforms: readonly PlatformOffer[], platform: string | undefined): number {
  return platforms.find(({ name }) => name === platform)?.leastMemoryMb ?? 0;
}
