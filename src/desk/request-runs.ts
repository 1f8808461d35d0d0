import type { RunRepository } from '../adapters/mysql/runs.ts';
import type { StoreRepository } from '../adapters/mysql/stores.ts';
import { InvalidFormError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { DeskServices } from '../web/services/desk.ts';

export interface RunRequestDeps {
  readonly runs: Pick<RunRepository, 'queueRetry' | 'queueRepair'>;
  readonly stores: Pick<StoreRepository, 'get'>;
  /** Asks a worker, who looks for itself whether the token is a proven operator's. */
  readonly askUndo: (request: {
    token: string;
    storeId: string;
    address: string;
    requestId: string;
  }) => Promise<unknown>;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

/** See `DeskServices`: what operators ask of stores, written down first and rung for after. */
export function createRunRequests({
  runs,
  stores,
  askUndo,
  ring,
  now,
}: RunRequestDeps): Pick<DeskServices, 'retry' | 'repair' | 'undo'> {
  const asked = (origin: Origin, storeId: string) => ({ ...origin, storeId, now: now() });
  return {
    async retry(origin, storeId) {
      await ring(await runs.queueRetry(asked(origin, storeId)));
    },
    async repair(origin, storeId) {
      await ring(await runs.queueRepair(asked(origin, storeId)));
    },
    async undo({ address, requestId }, { token, storeId, name }) {
      const store = await stores.get(storeId);
      if (name.trim() !== store.name) throw new InvalidFormError({ name: `Type the name of the store: ${store.name}` });
      await askUndo({ token, storeId, address, requestId });
    },
  };
}
