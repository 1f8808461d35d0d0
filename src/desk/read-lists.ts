import type { CustomerRepository } from '../adapters/mysql/customers.ts';
import type { PlanRepository } from '../adapters/mysql/plans.ts';
import type { RunRepository } from '../adapters/mysql/runs.ts';
import type { StoreMailRepository } from '../adapters/mysql/store-mail.ts';
import type { StoreRepository } from '../adapters/mysql/stores.ts';
import type {
  CustomerQuery,
  DeskCustomerRow,
  DeskRunRow,
  DeskStoreRow,
  RunQuery,
  StoreQuery,
} from '../domain/desk-lists.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Run } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { DeskServices } from '../web/services/desk.ts';
import { asPage, customerWish, runWish, storeWish } from './list-wishes.ts';
import { actsOn, presentError, presentRunRow, presentStep } from './present-rows.ts';

/** On the page of one store or customer: the newest of what is theirs; the lists have the rest. */
const SHOWN_WITH_OTHERS = 20;
const EVENTS_SHOWN = 500;

interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** The long lists, a page at a time. */
export interface DeskLists {
  readonly stores: { page(query: StoreQuery): Promise<Rows<DeskStoreRow>> };
  readonly customers: {
    page(query: CustomerQuery): Promise<Rows<DeskCustomerRow>>;
  };
  readonly runs: { page(query: RunQuery): Promise<Rows<DeskRunRow>> };
}

export interface ListDeps {
  readonly lists: DeskLists;
  readonly stores: Pick<StoreRepository, 'get'>;
  readonly customers: Pick<CustomerRepository, 'find'>;
  readonly runs: Pick<RunRepository, 'get' | 'latest' | 'events'>;
  readonly plans: Pick<PlanRepository, 'list'>;
  readonly storeMail: Pick<StoreMailRepository, 'traffic'>;
  readonly present: (store: Store, run: Run | undefined) => StoreView;
  readonly now: () => Date;
}

/** See `DeskServices`: what its pages look at. */
export function createListReader(
  deps: ListDeps,
): Pick<DeskServices, 'stores' | 'store' | 'customers' | 'customer' | 'runs' | 'run'> {
  const { lists, stores, runs } = deps;
  const newest = { sort: 'newest', limit: SHOWN_WITH_OTHERS, offset: 0 } as const;
  return {
    async stores(wish) {
      const query = storeWish(wish);
      const [found, plans] = await Promise.all([lists.stores.page(query), deps.plans.list()]);
      return { ...asPage(query, found, withIsoDates), plans: plans.map(({ name }) => name) };
    },

    async store(storeId) {
      const store = await stores.get(storeId);
      const [latest, found, mail] = await Promise.all([
        runs.latest(storeId),
        lists.runs.page({ ...newest, storeId }),
        deps.storeMail.traffic(storeId, deps.now()),
      ]);
      return {
        store: deps.present(store, latest),
        email: store.customerEmail,
        uid: store.uid,
        subnet: store.network.subnet,
        images: store.images,
        wishedDomain: store.wishedDomain,
        mail: withIsoDates(mail),
        runs: found.rows.map(presentRunRow),
        acts: actsOn(store.status),
      };
    },

    async customers(wish) {
      const query = customerWish(wish);
      return asPage(query, await lists.customers.page(query), withIsoDates);
    },

    async customer(customerId) {
      const [theirs, found] = await Promise.all([
        lists.customers.page({ search: customerId, sort: 'newest', limit: 1, offset: 0 }),
        lists.stores.page({ ...newest, customerId }),
      ]);
      const row = theirs.rows.find(({ id }) => id === customerId);
      if (row === undefined) throw new NotFoundError('customer', customerId);
      return { customer: withIsoDates(row), stores: found.rows.map(withIsoDates) };
    },

    async runs(wish) {
      const query = runWish(wish);
      return asPage(query, await lists.runs.page(query), presentRunRow);
    },

    async run(runId) {
      const run = await runs.get(runId);
      const [store, latest, events] = await Promise.all([
        stores.get(run.storeId),
        runs.latest(run.storeId),
        runs.events(run.storeId, 0, EVENTS_SHOWN),
      ]);
      return {
        run: presentRunRow({ run, storeName: store.name }),
        error: presentError(run.error),
        steps: run.steps.map((step) => presentStep(step, deps.now())),
        events: events
          .filter((event) => event.runId === runId)
          .map(({ id, kind, step, at }) => ({ id, kind, step, at: at.toISOString() })),
        isLatest: latest?.id === runId,
        acts: actsOn(store.status),
      };
    },
  };
}
