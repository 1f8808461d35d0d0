import { AppError } from './errors.ts';
import type { StoreStatus } from './store.ts';

/** Which status may follow which. Anything else is a bug or a conflict, never a silent write. */
export const TRANSITIONS: Readonly<Record<StoreStatus, readonly StoreStatus[]>> = {
  pending: ['provisioning', 'deleting'],
  provisioning: ['active', 'failed', 'deleting'],
  failed: ['provisioning', 'deletion-scheduled', 'deleting'],
  active: ['suspended', 'asleep', 'deletion-scheduled', 'deleting'],
  suspended: ['active', 'deletion-scheduled', 'deleting'],
  asleep: ['active', 'suspended', 'deletion-scheduled', 'deleting'],
  'deletion-scheduled': ['active', 'suspended', 'failed', 'deleting'],
  deleting: [],
};

/** Nothing of it matters yet but its making, which may have failed. */
export const isBeingMade = (status: StoreStatus): boolean =>
  status === 'pending' || status === 'provisioning' || status === 'failed';

export function canBecome(from: StoreStatus, to: StoreStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Throws `not_allowed_now` unless the move is in the table. */
export function assertCanBecome(from: StoreStatus, to: StoreStatus): void {
  if (canBecome(from, to)) return;
  throw new AppError('not_allowed_now', `A store that is ${from} cannot become ${to}.`);
}
