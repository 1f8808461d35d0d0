import type { RunRepository } from '../adapters/mysql/runs.ts';
import type { StoreRepository } from '../adapters/mysql/stores.ts';
import { InvalidFormError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { Store } from '../domain/store.ts';
import type { DeskServices } from '../web/services/desk.ts';
import type { PlanChoices } from '../web/services/life.ts';

type Wisher = Origin & { readonly by: 'operator' };

export interface RunRequestDeps {
  readonly runs: Pick<RunRepository, 'queueRetry' | 'queueRepair'>;
  readonly stores: Pick<StoreRepository, 'get'>;
  /** Rings by itself. */
  readonly life: {
    suspend(storeId: string, words: { reason: string; text: string }, wisher: Wisher): Promise<unknown>;
    resume(storeId: string, wisher: Wisher): Promise<unknown>;
    resize(storeId: string, plan: string, wisher: Wisher): Promise<unknown>;
  };
  /** Asks a worker, who looks for itself whether the token is a proven operator's. */
  readonly askDelete: (request: {
    token: string;
    storeId: string;
    address: string;
    requestId: string;
  }) => Promise<unknown>;
  readonly planChoices: (store: Store) => Promise<PlanChoices>;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

/** See `DeskServices`: what operators ask of stores, written down first and rung for after. */
export function createRunRequests({
  runs,
  stores,
  life,
  planChoices,
  askDelete,
  ring,
  now,
}: RunRequestDeps): Pick<
  DeskServices,
  'retry' | 'repair' | 'suspend' | 'resume' | 'planChoices' | 'resize' | 'deleteStore'
> {
  const asked = (origin: Origin, storeId: string) => ({ ...origin, storeId, now: now() });
  return {
    async retry(origin, storeId) {
      await ring(await runs.queueRetry(asked(origin, storeId)));
    },
    async repair(origin, storeId) {
      await ring(await runs.queueRepair(asked(origin, storeId)));
    },
    async suspend(origin, storeId, words) {
      await life.suspend(storeId, words, { ...origin, by: 'operator' });
    },
    async resume(origin, storeId) {
      await life.resume(storeId, { ...origin, by: 'operator' });
    },
    planChoices: async (storeId) => planChoices(await stores.get(storeId)),
    async resize(origin, storeId, plan) {
      await life.resize(storeId, plan, { ...origin, by: 'operator' });
    },
    async deleteStore({ address, requestId }, { token, storeId, name }) {
      const store = await stores.get(storeId);
      if (name.trim() !== store.name) throw new InvalidFormError({ name: `Type the name of the store: ${store.name}` });
      await askDelete({ token, storeId, address, requestId });
    },
  };
}
