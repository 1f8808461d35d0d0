import type { RunRepository } from '../adapters/mysql/runs.ts';
import type { StoreRepository } from '../adapters/mysql/stores.ts';
import type { WorkerRepository } from '../adapters/mysql/workers.ts';
import type { DeskOverview } from '../web/services/desk.ts';

export interface OverviewDeps {
  readonly stores: Pick<StoreRepository, 'countByStatus'>;
  readonly runs: Pick<RunRepository, 'counts'>;
  readonly workers: Pick<WorkerRepository, 'list'>;
  /** A worker without a sign of life for longer is not counted on. */
  readonly silentAfterMs: number;
}

/** See `DeskService.overview`. */
export function createOverviewReader({ stores, runs, workers, silentAfterMs }: OverviewDeps) {
  return async (): Promise<DeskOverview> => {
    const [byStatus, counts, found] = await Promise.all([stores.countByStatus(), runs.counts(), workers.list()]);
    return {
      stores: byStatus,
      queue: {
        waiting: counts.waiting,
        active: counts.active,
        failed: counts.failed,
        oldestWaitingAt: counts.oldestWaitingAt?.toISOString() ?? null,
      },
      workers: found.map(({ id, hostname, pid, startedAt, heartbeatAt, silentMs }) => ({
        id,
        hostname,
        pid,
        startedAt: startedAt.toISOString(),
        heartbeatAt: heartbeatAt.toISOString(),
        isSilent: silentMs > silentAfterMs,
      })),
    };
  };
}
