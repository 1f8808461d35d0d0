import type { Plan } from './store.ts';

/** The plans a new installation starts with; afterwards the table is the truth. */
export const FIRST_PLANS: readonly Plan[] = [
  {
    name: 'starter',
    memoryMb: 1024,
    cpuMillis: 1000,
    diskMb: 5120,
    maxStores: 3,
    backupsKept: 7,
    priceCents: 900,
    isDefault: true,
  },
  {
    name: 'business',
    memoryMb: 2048,
    cpuMillis: 2000,
    diskMb: 20480,
    maxStores: 10,
    backupsKept: 14,
    priceCents: 2900,
    isDefault: false,
  },
  {
    name: 'scale',
    memoryMb: 4096,
    cpuMillis: 4000,
    diskMb: 51200,
    maxStores: 50,
    backupsKept: 30,
    priceCents: 7900,
    isDefault: false,
  },
];

/** Those of the plans that have the memory. */
export const plansWithMemory = <Some extends Pick<Plan, 'memoryMb'>>(
  plans: readonly Some[],
  leastMemoryMb: number,
): readonly Some[] => plans.filter(({ memoryMb }) => memoryMb >= leastMemoryMb);

/** What somebody gets who wishes for none: the default plan, else the smallest that has the memory, if one has. */
export function planWithoutWish<Some extends Pick<Plan, 'memoryMb' | 'isDefault'>>(
  plans: readonly Some[],
  leastMemoryMb: number,
): Some | undefined {
  const large = plansWithMemory(plans, leastMemoryMb);
  return large.find(({ isDefault }) => isDefault) ?? large.toSorted((a, b) => a.memoryMb - b.memoryMb)[0];
}
