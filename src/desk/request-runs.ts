import type { RunRepository } from '../adapters/mysql/runs.ts';
import type { Origin } from '../domain/origin.ts';
import type { DeskServices } from '../web/services/desk.ts';

export interface RunRequestDeps {
  readonly runs: Pick<RunRepository, 'queueRetry' | 'queueRepair'>;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

/** See `DeskServices`: what operators ask of stores, written down first and rung for after. */
export function createRunRequests({ runs, ring, now }: RunRequestDeps): Pick<DeskServices, 'retry' | 'repair'> {
  const asked = (origin: Origin, storeId: string) => ({ ...origin, storeId, now: now() });
  return {
    async retry(origin, storeId) {
      await ring(await runs.queueRetry(asked(origin, storeId)));
    },
    async repair(origin, storeId) {
      await ring(await runs.queueRepair(asked(origin, storeId)));
    },
  };
}
