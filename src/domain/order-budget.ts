import { DAY, HOUR, MINUTE } from '../lib/time.ts';

/** What was ordered of one authority lately, counted within the windows of `BUDGET`. */
export interface OrderCounts {
  readonly account: number;
  readonly failuresOfName: number;
  readonly issuedForName: number;
  /** Distinct names that got their first certificate, below one registered name. */
  readonly newBelowRegistered: number;
}

interface Allowance {
  readonly windowMs: number;
  readonly most: number;
  readonly sentence: string;
}

/**
 * Let's Encrypt's limits (letsencrypt.org/docs/rate-limits), each with some air: 300 orders per account and 3 hours, 5
 * failures per name and hour, 5 certificates for one name and 50 below one registered name a week. We stop before the
 * authority does, since it would also stop everybody else's orders.
 */
export const BUDGET: { readonly [Count in keyof OrderCounts]: Allowance } = {
  account: { windowMs: 3 * HOUR, most: 250, sentence: 'This platform has ordered as much as it may for now.' },
  failuresOfName: { windowMs: HOUR, most: 4, sentence: 'The name has failed too often within an hour.' },
  issuedForName: { windowMs: 7 * DAY, most: 4, sentence: 'The name has got several certificates within a week.' },
  newBelowRegistered: {
    windowMs: 7 * DAY,
    most: 45,
    sentence: 'Many names below the same registered one have got certificates within a week.',
  },
};

/** The longest window: what is older need not be kept. */
export const BUDGET_MEMORY_MS = 7 * DAY;

/** The sentence of the first allowance that is used up; `undefined` while one more order is fine. */
export function usedUp(counts: OrderCounts): Allowance | undefined {
  for (const name of ['account', 'failuresOfName', 'issuedForName', 'newBelowRegistered'] as const)
    if (counts[name] >= BUDGET[name].most) return BUDGET[name];
  return undefined;
}

/** How long to wait before it makes sense to ask the budget again: windows slide. */
export const waitFor = ({ windowMs }: Allowance): number => Math.max(15 * MINUTE, windowMs / 12);
