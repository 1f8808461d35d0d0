import { isBeingMade } from '../domain/lifecycle.ts';
import { RUN_KINDS, type RunKind } from '../domain/run.ts';
import type { StoreStatus } from '../domain/store.ts';

const MAKING: readonly RunKind[] = ['provision'];

/** Of which kinds the run is that tells how a store stands: while it is not made, nothing matters but its making. */
export function tellingKinds(status: StoreStatus): readonly RunKind[] {
  return isBeingMade(status) ? MAKING : RUN_KINDS;
}
