import type { DeskRunRow } from '../domain/desk-lists.ts';
import type { Run, StepRecord } from '../domain/run.ts';
import type { StoreError, StoreStatus } from '../domain/store.ts';
import type { StoreErrorView } from '../stores/present-store.ts';
import type { DeskActs, DeskRunView, DeskStepView } from '../web/services/desk.ts';

export function presentRunRow({ run, storeName }: DeskRunRow): DeskRunView {
  return {
    id: run.id,
    storeId: run.storeId,
    storeName,
    kind: run.kind,
    status: run.status,
    attempt: run.attempt,
    step: placeOf(run),
    message: run.error?.message ?? null,
    createdAt: run.createdAt.toISOString(),
    startedAt: isoOrNull(run.startedAt),
    finishedAt: isoOrNull(run.finishedAt),
  };
}

export function presentStep(step: StepRecord, now: Date): DeskStepView {
  const { name, status, startedAt, finishedAt, error, logTail } = step;
  return {
    name,
    status,
    startedAt: isoOrNull(startedAt),
    finishedAt: isoOrNull(finishedAt),
    elapsedMs: startedAt === null ? null : Math.max(0, (finishedAt ?? now).getTime() - startedAt.getTime()),
    error: presentError(error),
    logTail,
  };
}

/** The operators' own message: it may name machines, ports and programs. */
export function presentError(error: StoreError | null): StoreErrorView | null {
  return error && { ...error, at: error.at.toISOString() };
}

/** By what the store is; whoever asks for more is refused by the request itself. */
export function actsOn(status: StoreStatus): DeskActs {
  return {
    canRetry: status === 'failed' || status === 'pending',
    canRepair: status === 'active',
    canSuspend: status === 'active',
    canResume: status === 'suspended',
    canResize: status === 'active' || status === 'suspended',
    canDelete: status !== 'deleting',
  };
}

function placeOf({ steps }: Run): string | null {
  return steps.find(({ status }) => status === 'running' || status === 'failed')?.name ?? null;
}

function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
