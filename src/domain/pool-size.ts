import { HOUR, MINUTE, SECOND } from '../lib/time.ts';

/** How many stores were ordered lately. */
export interface RecentOrders {
  readonly inFiveMinutes: number;
  readonly inAnHour: number;
}

/** As many again as are expected to be ordered while one is made: half of them may come at once. */
const SAFETY = 2;

/**
 * How many shops should wait for an owner: as many as are ordered in the time that one takes to be made (Little's law),
 * with some to spare; never fewer than `least`, never more than `most`.
 */
export function poolSizeFor(
  orders: RecentOrders,
  { least, most, makingMs }: { readonly least: number; readonly most: number; readonly makingMs: number },
): number {
  const perSecond = Math.max(orders.inFiveMinutes / ((5 * MINUTE) / SECOND), orders.inAnHour / (HOUR / SECOND));
  const expected = Math.ceil(perSecond * (makingMs / SECOND) * SAFETY);
  return Math.max(least, Math.min(most, expected));
}
