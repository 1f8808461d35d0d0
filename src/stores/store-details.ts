import { NotFoundError } from '../domain/errors.ts';
import type { Run, RunKind } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { StoreDetails } from '../web/services.ts';
import { explainFailure } from './explain-failure.ts';
import type { KeptOffer } from './offer.ts';
import type { StoreView } from './present-store.ts';
import { tellingKinds } from './telling-run.ts';
import { usuallyRemaining, usualTotalOf } from './usual-durations.ts';

export interface StoreDetailsDeps {
  readonly stores: { find(query: { id: string; customerId: string }): Promise<Store | undefined> };
  readonly runs: {
    latest(storeId: string, kinds: readonly RunKind[]): Promise<Run | undefined>;
    lastEventId(storeId: string): Promise<number>;
    /** How many queued runs are taken before this one. */
    countBefore(runId: string): Promise<number>;
  };
  readonly kept: () => Promise<KeptOffer>;
  readonly present: (store: Store, run: Run | undefined) => StoreView;
  readonly now: () => Date;
}

/** Everything the page of one store shows, for its owner alone. Throws `not_found`, also for somebody else's. */
export function createStoreDetails(deps: StoreDetailsDeps) {
  return async (customerId: string, storeId: string): Promise<StoreDetails> => {
    const store = await deps.stores.find({ id: storeId, customerId });
    if (store === undefined) throw new NotFoundError('store', storeId);
    // Before the run is read: an event between the two is told twice, never lost.
    const lastEventId = await deps.runs.lastEventId(storeId);
    const [run, kept] = await Promise.all([deps.runs.latest(storeId, tellingKinds(store.status)), deps.kept()]);
    const usual = kept.usual[store.platform] ?? {};
    const isProvision = run?.kind === 'provision';
    return {
      store: deps.present(store, run),
      wishedDomain: store.wishedDomain,
      runKind: run?.kind ?? null,
      queue:
        run !== undefined && isProvision && run.status === 'queued' ? await placeInQueue(deps, run, kept, usual) : null,
      usualMs: usual,
      remainingMs: run !== undefined && isProvision ? usuallyRemaining(run, usual, deps.now()) : null,
      logs: Object.fromEntries((run?.steps ?? []).flatMap(({ name, logTail }) => (logTail ? [[name, logTail]] : []))),
      adminNotes: stackOf(store.platform).adminNotes,
      failure: store.error === null || store.status !== 'failed' ? null : explainFailure(store.error, run),
      lastEventId,
    };
  };
}

/** Waiting ends when as many runs as are before it have passed through the lanes there are. */
async function placeInQueue(
  deps: StoreDetailsDeps,
  run: Run,
  { lanes }: KeptOffer,
  usual: KeptOffer['usual'][string],
): Promise<StoreDetails['queue']> {
  const position = (await deps.runs.countBefore(run.id)) + 1;
  const total = usualTotalOf(usual);
  return { position, waitMs: total === null || lanes === 0 ? null : Math.ceil(position / lanes) * total };
}
