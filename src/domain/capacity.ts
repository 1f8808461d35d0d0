import { DAY } from '../lib/time.ts';

export const CAPACITY_RESOURCES = ['ports', 'subnets', 'uids', 'disk', 'memory'] as const;
/** What stores use up: numbers of ports, networks and user ids; bytes on disk and in memory. */
export type CapacityResource = (typeof CAPACITY_RESOURCES)[number];

export interface CapacityReading {
  readonly resource: CapacityResource;
  readonly used: number;
  readonly size: number;
}

/** How much was used at the end of a day. */
export interface CapacitySample {
  /** `2026-11-26`, in UTC. */
  readonly day: string;
  readonly used: number;
}

/** Growth is looked at over both: the last two weeks see a rush, a month sees past a quiet one. */
export const GROWTH_WINDOWS_DAYS = [14, 30] as const;

/**
 * In how many days what is left is gone, when it goes on as in the last 14 or 30 days, whichever is faster; `null` when
 * neither grew, or less than a day is known.
 */
export function daysLeft(
  { used, size }: CapacityReading,
  samples: readonly CapacitySample[],
  now: Date,
): number | null {
  const paces = GROWTH_WINDOWS_DAYS.flatMap((days) => {
    const since = now.getTime() - days * DAY;
    const known = samples.map(({ day, used: then }) => ({ at: Date.parse(day), used: then }));
    const first = known.filter(({ at }) => at >= since).toSorted((a, b) => a.at - b.at)[0];
    const passed = first === undefined ? 0 : (now.getTime() - first.at) / DAY;
    return first === undefined || passed < 1 ? [] : [(used - first.used) / passed];
  });
  const pace = Math.max(0, ...paces);
  return pace === 0 ? null : Math.max(0, Math.floor((size - used) / pace));
}
