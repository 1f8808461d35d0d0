import { factorsResetMail } from '../accounts/factor-mails.ts';
import { hashPassword } from '../adapters/crypto/hash-password.ts';
import { makePassword } from '../adapters/crypto/make-password.ts';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { CliActions, CustomerView, JobView } from '../cli/actions.ts';
import type { CustomerFacts } from '../domain/customer.ts';
import { AppError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { TRANSITIONS } from '../domain/lifecycle.ts';
import type { StoreLogPage } from '../domain/log-lines.ts';
import { originOfOperator } from '../domain/origin.ts';
import { RUN_STATUSES, type Run } from '../domain/run.ts';
import type { Store, StoreStatus } from '../domain/store.ts';
import { parseEmail } from '../domain/store-input.ts';
import { SECOND } from '../lib/time.ts';
import { parseSince } from '../operating/show-logs.ts';
import { createStoreCreation } from '../stores/create-store.ts';
import { followLogs } from '../stores/logs/follow-logs.ts';
import type { StoreView } from '../stores/present-store.ts';
import { createStoreLife, type Wisher } from '../stores/store-life.ts';
import { tellingKinds } from '../stores/telling-run.ts';
import type { Adapters } from './adapters.ts';
import { whyUnavailable } from './availability.ts';
import { assertRoomOnDisk } from './capacity.ts';
import { credentialsReaderOf } from './credentials-reader.ts';
import { readPools } from './read-pools.ts';
import { presenterOf } from './store-facts.ts';
import { storeLogsOf } from './store-logs.ts';

type StoreActions = Pick<
  CliActions,
  | 'createStore'
  | 'listStores'
  | 'findStore'
  | 'readCredentials'
  | 'storeLogs'
  | 'retryStore'
  | 'repairStore'
  | 'suspendStore'
  | 'resumeStore'
  | 'restartStore'
  | 'resizeStore'
  | 'rotateStore'
  | 'undoDeleteStore'
  | 'deleteStore'
  | 'queue'
  | 'listJobs'
  | 'retryJob'
  | 'listCustomers'
  | 'findCustomer'
  | 'createAdmin'
  | 'resetSecondFactor'
>;

const ADMIN_PASSWORD_LENGTH = 20;
/** Of a search; who needs more searches for more of it. */
const MOST_FOUND = 1000;
/** How often logs are looked at for more while somebody follows them. */
const LOOK_EVERY_MS = SECOND;

/** What `shopctl` does about stores, jobs and people. */
export function createStoreActions(adapters: Adapters): StoreActions {
  const { config, repositories, doorbell } = adapters;
  const { stores, runs, customers, plans, workers, deskLists } = repositories;
  const now = (): Date => new Date();
  /** Who the ledger names for what is done on the command line. */
  const operator = originOfOperator(operatorName());

  const createStore = createStoreCreation({
    baseDomain: config.baseDomain,
    ownHosts: [config.platformHost],
    builtLocales: config.shopDefaults.builtLocales,
    unavailable: (platform) => whyUnavailable(platform, adapters),
    assertRoom: () => assertRoomOnDisk(config.customersDir),
    customers,
    plans,
    insert: async (store) => stores.create(store, await readPools(adapters)),
    ring: doorbell.ring,
    now,
  });
  const readCredentials = credentialsReaderOf(adapters);
  const readLogs = storeLogsOf(adapters);
  const present = presenterOf(config);
  const view = async (store: Store, runId?: string): Promise<StoreView> =>
    present(store, await (runId === undefined ? runs.latest(store.id, tellingKinds(store.status)) : runs.get(runId)));
  const find = async (idOrName: string): Promise<Store | undefined> =>
    (await stores.find({ id: idOrName })) ?? (await stores.findByName(idOrName));
  const get = async (idOrName: string): Promise<Store> => {
    const store = await find(idOrName);
    if (store === undefined) throw new NotFoundError('store', idOrName);
    return store;
  };
  /** Writes the request down, rings, and shows how the store stands now. */
  const request = async (store: Store, queue: () => Promise<string>): Promise<StoreView> => {
    await doorbell.ring(await queue());
    return view(await stores.get(store.id));
  };
  const asked = (store: Store) => ({ storeId: store.id, ...operator, now: now() });
  /** The same for what rings by itself. */
  const change = async (idOrName: string, wish: (storeId: string) => Promise<string>): Promise<StoreView> => {
    const { id } = await get(idOrName);
    const runId = await wish(id);
    return view(await stores.get(id), runId);
  };
  const life = createStoreLife({ ...repositories, ring: doorbell.ring, now });
  const asOperator: Wisher = { by: 'operator', ...operator };
  const retry = (store: Store): Promise<StoreView> => request(store, () => runs.queueRetry(asked(store)));

  return {
    createStore: async (input) => view(await createStore(input, operator)),
    async listStores({ status, customer, search }) {
      const customerId = customer === undefined ? undefined : (await customerBy(customer))?.id;
      if (customer !== undefined && customerId === undefined) throw new NotFoundError('customer', customer);
      if (search !== undefined) return searchStores(search, { status, customerId });
      const found = await stores.list({
        ...(status === undefined ? {} : { status: parseStatus(status) }),
        ...(customerId === undefined ? {} : { customerId }),
      });
      return Promise.all(found.map((store) => view(store)));
    },
    async findStore(idOrName, runId) {
      const store = await find(idOrName);
      return store && view(store, runId);
    },
    readCredentials: async (storeId) => readCredentials((await get(storeId)).id, operator),
    async storeLogs({ storeId, service, since, tail, levels, search, follow, signal, onLine }) {
      const store = await get(storeId);
      const query = {
        ...(service === undefined ? {} : { source: service }),
        ...(since === undefined ? {} : { since: parseSince(since, now()) }),
        tail,
        levels,
        search,
      };
      const read = (after?: string) => readLogs(store, { ...query, ...(after === undefined ? {} : { after }) }, signal);
      const show = ({ lines }: StoreLogPage): void => {
        for (const { source, at, text } of lines) onLine({ service: source, at, line: text });
      };
      if (!follow) return show(await read());
      for await (const page of followLogs(read, { after: undefined, everyMs: LOOK_EVERY_MS, signal })) show(page);
    },
    retryStore: async (storeId) => retry(await get(storeId)),
    async repairStore(storeId) {
      const store = await get(storeId);
      return request(store, () => runs.queueRepair(asked(store)));
    },
    suspendStore: ({ storeId, ...words }) => change(storeId, (id) => life.suspend(id, words, asOperator)),
    resumeStore: (storeId) => change(storeId, (id) => life.resume(id, asOperator)),
    restartStore: (storeId) => change(storeId, (id) => life.restart(id, asOperator)),
    resizeStore: ({ storeId, plan }) => change(storeId, (id) => life.resize(id, plan, asOperator)),
    rotateStore: ({ storeId, whose }) => change(storeId, (id) => life.rotate(id, whose, asOperator)),
    undoDeleteStore: (storeId) => change(storeId, (id) => life.undoDelete(id, asOperator)),
    async deleteStore(storeId) {
      const store = await get(storeId);
      return request(store, () => stores.requestTeardown({ id: store.id, ...operator, now: now() }));
    },
    async queue() {
      const counts = await runs.counts();
      const oldest = counts.oldestWaitingAt;
      return {
        waiting: counts.waiting,
        active: counts.active,
        failed: counts.failed,
        oldestWaitingAt: oldest?.toISOString() ?? null,
        oldestWaitingMs: oldest === null ? null : Math.max(0, now().getTime() - oldest.getTime()),
        workers: (await workers.list()).length,
      };
    },
    async listJobs({ status, limit }) {
      const found = await runs.list({ ...(status === undefined ? {} : { status: parseRunStatus(status) }), limit });
      return found.map(jobView);
    },
    retryJob: async (runId) => retry(await stores.get((await runs.get(runId)).storeId)),
    async listCustomers({ search }) {
      if (search === undefined) return (await customers.list()).map(customerView);
      const query = { search: search.trim().toLowerCase(), sort: 'oldest', limit: MOST_FOUND, offset: 0 } as const;
      return (await deskLists.customers.page(query)).rows.map(customerView);
    },
    async findCustomer(idOrEmail) {
      const customer = await customerBy(idOrEmail);
      if (customer === undefined) return undefined;
      const theirs = await stores.list({ customerId: customer.id });
      return { ...customerView(customer), stores: await Promise.all(theirs.map((store) => view(store))) };
    },
    async resetSecondFactor(idOrEmail) {
      const customer = await customerBy(idOrEmail);
      if (customer === undefined) throw new NotFoundError('customer', idOrEmail);
      const mail = factorsResetMail({ publicUrl: config.publicUrl, now }, customer.email);
      const change = { customerId: customer.id, origin: operator, mail, now: now() };
      if (!(await repositories.secondFactors.reset(change))) {
        throw new AppError('not_allowed_now', `${customer.email} has no second factor.`);
      }
      return customerView({ ...customer, hasSecondFactor: false });
    },
    async createAdmin({ email, password }) {
      const made = password ?? makePassword(ADMIN_PASSWORD_LENGTH);
      const admin = await customers.create({
        email: parseEmail(email),
        role: 'operator',
        passwordHash: await hashPassword(made),
        now: now(),
        origin: operator,
      });
      return { ...customerView(admin), ...(password === undefined ? { password: made } : {}) };
    },
  };

  async function searchStores(
    search: string,
    { status, customerId }: { status: string | undefined; customerId: string | undefined },
  ): Promise<StoreView[]> {
    const { rows } = await deskLists.stores.page({
      search: search.trim().toLowerCase(),
      status: status === undefined ? undefined : parseStatus(status),
      customerId,
      sort: 'newest',
      limit: MOST_FOUND,
      offset: 0,
    });
    const found = await Promise.all(rows.map(({ id }) => stores.find({ id })));
    return Promise.all(found.filter((store) => store !== undefined).map((store) => view(store)));
  }

  async function customerBy(idOrEmail: string) {
    return idOrEmail.includes('@') ? customers.findByEmail(idOrEmail) : customers.find(idOrEmail);
  }
}

function parseStatus(text: string): StoreStatus {
  const known = Object.keys(TRANSITIONS) as StoreStatus[];
  const status = known.find((candidate) => candidate === text);
  if (status === undefined) throw new InvalidInputError('status', `A store is one of: ${known.join(', ')}.`);
  return status;
}

function parseRunStatus(text: string): Run['status'] {
  const status = RUN_STATUSES.find((candidate) => candidate === text);
  if (status === undefined) throw new InvalidInputError('status', `A job is one of: ${RUN_STATUSES.join(', ')}.`);
  return status;
}

function jobView(run: Run): JobView {
  const step = run.steps.find(({ status }) => status === 'running' || status === 'failed')?.name ?? null;
  return {
    id: run.id,
    storeId: run.storeId,
    kind: run.kind,
    status: run.status,
    attempt: run.attempt,
    step,
    error: run.error === null ? null : { code: run.error.code, message: run.error.message },
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

function customerView({ id, email, role, isVerified, hasSecondFactor, createdAt }: CustomerFacts): CustomerView {
  return { id, email, role, isVerified, hasSecondFactor, createdAt: createdAt.toISOString() };
}
