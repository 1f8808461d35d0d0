import { AppError } from './errors.ts';
import type { Plan } from './store.ts';

const MEBIBYTE = 1024 * 1024;
/** So much of a new memory limit may be in use already: a shop that is pressed against its limit is killed, not slowed. */
const MEMORY_MARGIN = 0.9;

export interface InUse {
  readonly diskBytes: number | undefined;
  readonly memory: readonly { readonly service: string; readonly bytes: number; readonly limitBytes: number }[];
}

/** Throws `plan_too_small` when what the shop uses now does not fit into the plan. */
export function assertPlanHolds(plan: Pick<Plan, 'name' | 'diskMb'>, { diskBytes, memory }: InUse): void {
  if (diskBytes !== undefined && diskBytes > plan.diskMb * MEBIBYTE) {
    throw tooSmall(plan, `holds ${inGb(plan.diskMb * MEBIBYTE)} on disk, and the shop uses ${inGb(diskBytes)}`);
  }
  for (const { service, bytes, limitBytes } of memory) {
    if (bytes <= limitBytes * MEMORY_MARGIN) continue;
    throw tooSmall(plan, `gives ${service} ${inMb(limitBytes)} of memory, and it uses ${inMb(bytes)} right now`);
  }
}

function tooSmall({ name }: Pick<Plan, 'name'>, why: string): AppError {
  return new AppError('plan_too_small', `The plan ${name} ${why}.`, {
    hint: 'Choose a larger plan, or make room in the shop first.',
  });
}

const inGb = (bytes: number): string => `${(bytes / MEBIBYTE / 1024).toFixed(1)} GB`;
const inMb = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MB`;

/**
 * How many stores somebody may have: what the highest of their plans holds, that of a store to be counted in. Each plan
 * is of one store; so a customer grows by choosing a larger plan for any of them, the next one included.
 */
export function storesAllowed(plans: readonly Pick<Plan, 'maxStores'>[]): number {
  return Math.max(0, ...plans.map(({ maxStores }) => maxStores));
}

/** Throws `too_many_stores`; `count` is of those that somebody would have then. */
export function assertStoresFit(count: number, plans: readonly Pick<Plan, 'maxStores'>[]): void {
  const allowed = storesAllowed(plans);
  if (count <= allowed) return;
  throw new AppError(
    'too_many_stores',
    `With this plan you can have ${allowed === 1 ? 'one store' : `${allowed} stores`}. Choose a larger one, or delete a store that you no longer need; one in its days of grace counts until it is gone.`,
  );
}
