import { InvalidInputError } from './errors.ts';
import type { Plan } from './store.ts';

/** What of a plan can be changed while the platform runs. */
export type PlanWish = Partial<Omit<Plan, 'name' | 'isDefault'>>;

type Bounds = { readonly least: number; readonly most: number; readonly option: string };

const MONEY_AT_MOST_CENTS = 100_000_00;

/** What a plan may be: enough for the smallest store, and nothing that is a slip of the finger. */
const BOUNDS: { readonly [Key in keyof Required<PlanWish>]: Bounds } = {
  priceCents: { least: 0, most: MONEY_AT_MOST_CENTS, option: 'price-cents' },
  memoryMb: { least: 512, most: 1_048_576, option: 'memory-mb' },
  cpuMillis: { least: 100, most: 256_000, option: 'cpu' },
  diskMb: { least: 1024, most: 16_777_216, option: 'disk-mb' },
  maxStores: { least: 1, most: 10_000, option: 'max-stores' },
  backupsKept: { least: 0, most: 365, option: 'backups' },
};

/** Throws `invalid_input` naming the first value that no plan may have, or when nothing is wished for. */
export function assertPlanWish(wish: PlanWish): void {
  const keys = (Object.keys(BOUNDS) as (keyof PlanWish)[]).filter((key) => wish[key] !== undefined);
  if (keys.length === 0) throw new InvalidInputError('option', 'Say what to set: shopctl plan set --help');
  for (const key of keys) {
    const { least, most, option } = BOUNDS[key];
    const value = wish[key] ?? Number.NaN;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidInputError(option, `--${option}: must be a whole number from ${least} to ${most}.`);
    }
  }
}
