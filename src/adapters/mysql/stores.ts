import { AppError, NotFoundError } from '../../domain/errors.ts';
import { assertCanBecome, TRANSITIONS } from '../../domain/lifecycle.ts';
import { cronTaskOf, repairTaskOf } from '../../domain/names.ts';
import type { NewStore } from '../../domain/new-store.ts';
import { SYSTEM } from '../../domain/origin.ts';
import type { Lease } from '../../domain/run.ts';
import type { PlatformName, Store, StoreError, StoreHealth, StoreStatus } from '../../domain/store.ts';
import type { MailContent } from '../../mail/mail-kinds.ts';
import { choosePort, lockPools, type Pools, type PortPool } from './allocate.ts';
import { appendAudit } from './audit.ts';
import { createStore } from './create-store.ts';
import { ownHostnames } from './domain-looks.ts';
import { emitWebhook } from './emit-webhook.ts';
import { readTexts, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { quarantine } from './quarantine.ts';
import { type RunRequest, requestTeardown } from './run-requests.ts';
import { selectStores, toStore } from './store-rows.ts';
import { checkFence, databaseNow, inTransaction, type Tx, withFence } from './transactions.ts';

export type StoreRepository = ReturnType<typeof createStoreRepository>;

export interface StoreFilter {
  readonly customerId?: string;
  readonly status?: StoreStatus;
  readonly limit?: number;
}

const MANY = 10_000;

/** Stores and what is theirs alone: name, host, port, subnet, UID. Whatever takes a lease is refused once it is old. */
export function createStoreRepository(db: Database) {
  async function find({ id, customerId }: { id: string; customerId?: string }): Promise<Store | undefined> {
    const query = selectStores(db.kysely).where('stores.id', '=', id);
    const row = await (customerId === undefined
      ? query
      : query.where('stores.customer_id', '=', customerId)
    ).executeTakeFirst();
    return row && toStore(row);
  }

  return {
    /**
     * Store, host, port, subnet, UID, a queued run with its ten steps and the audit line, all or nothing. Any number of
     * creations at once get distinct values. Throws `name_taken`, `ports_exhausted`, `subnets_exhausted`,
     * `uids_exhausted`; nothing is left behind after any of them.
     */
    create: (newStore: NewStore, pools: Pools): Promise<{ store: Store; runId: string }> =>
      createStore(db, newStore, pools),

    /** With `customerId` only that customer's store is found. */
    find,

    /** Throws `not_found`. */
    async get(id: string): Promise<Store> {
      const store = await find({ id });
      if (store === undefined) throw new NotFoundError('store', id);
      return store;
    },

    async findByName(name: string): Promise<Store | undefined> {
      const row = await selectStores(db.kysely).where('stores.name', '=', name).executeTakeFirst();
      return row && toStore(row);
    },

    /** Those of the names that some store has. */
    async takenNames(names: readonly string[]): Promise<string[]> {
      const rows = await db.kysely.selectFrom('stores').select('name').where('name', 'in', names).execute();
      return rows.map(({ name }) => name);
    },

    /** The names that lead to it, its own first. */
    async hostnamesOf(storeId: string): Promise<string[]> {
      const rows = await db.kysely
        .selectFrom('domains')
        .select('hostname')
        .where('store_id', '=', storeId)
        .orderBy('kind', 'desc')
        .orderBy('hostname')
        .execute();
      return rows.map(({ hostname }) => hostname);
    },

    /** All of a customer's stores, by name. */
    namesOf: (customerId: string): Promise<{ id: string; name: string }[]> =>
      db.kysely
        .selectFrom('stores')
        .select(['id', 'name'])
        .where('customer_id', '=', customerId)
        .orderBy('name')
        .execute(),

    /** Newest first. */
    async list({ customerId, status, limit = MANY }: StoreFilter = {}): Promise<Store[]> {
      let query = selectStores(db.kysely);
      if (customerId !== undefined) query = query.where('stores.customer_id', '=', customerId);
      if (status !== undefined) query = query.where('stores.status', '=', status);
      const rows = await query.orderBy('stores.created_at', 'desc').orderBy('stores.id', 'desc').limit(limit).execute();
      return rows.map(toStore);
    },

    /** How many stores were ordered since then, of each platform and plan of which there was one. */
    async countOrderedSince(since: Date): Promise<{ platform: PlatformName; plan: string; count: number }[]> {
      const rows = await db.kysely
        .selectFrom('stores')
        .select(({ fn }) => ['platform', 'plan', fn.countAll<number>().as('count')])
        .where('created_at', '>=', since)
        .groupBy(['platform', 'plan'])
        .execute();
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },

    /** Every status has its figure, also when it is zero. */
    async countByStatus(): Promise<Record<StoreStatus, number>> {
      const rows = await db.kysely
        .selectFrom('stores')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
        .groupBy('status')
        .execute();
      const counts = Object.fromEntries(Object.keys(TRANSITIONS).map((status) => [status, 0])) as Record<
        StoreStatus,
        number
      >;
      for (const { status, count } of rows) counts[status] = Number(count);
      return counts;
    },

    /**
     * `pending` or `failed` → `provisioning`. A run that resumes finds it there already; one that was killed between
     * `activate` and its own end finds it active, and leaves it so. Throws `not_allowed_now`.
     */
    beginProvisioning: (lease: Lease): Promise<void> =>
      withFence(db, lease, async (tx, { status }) => {
        if (status === 'active') return;
        if (status !== 'provisioning') await moveStatus(tx, lease.storeId, status, 'provisioning');
        await tx.updateTable('stores').set({ error_json: null }).where('id', '=', lease.storeId).execute();
      }),

    /** The shop works: a provision run makes the store `active`; a repair only clears its error. */
    activate: (lease: Lease, now: Date): Promise<void> =>
      withFence(db, lease, async (tx, { status, runKind }) => {
        const isNew = status !== 'active';
        if (isNew) {
          if (runKind !== 'provision') throw notNow(`A ${runKind} run does not make a store that is ${status} active.`);
          await moveStatus(tx, lease.storeId, status, 'active');
          await appendAudit(tx, {
            ...SYSTEM,
            action: 'store.activated',
            target: lease.storeId,
            storeId: lease.storeId,
            details: {},
            at: now,
          });
        }
        await tx
          .updateTable('stores')
          .set((eb) => ({ error_json: null, active_at: eb.fn.coalesce('active_at', eb.val(now)) }))
          .where('id', '=', lease.storeId)
          .execute();
        if (isNew) await emitWebhook(tx, { type: 'store.active', storeId: lease.storeId, now });
      }),

    /** Keeps the reason. A store being provisioned becomes `failed`; in any other status it only keeps the reason. */
    fail: (lease: Lease, error: StoreError): Promise<void> =>
      withFence(db, lease, async (tx, { status, runKind }) => {
        if (status === 'pending') throw notNow('A store that is pending has not been worked on and cannot fail.');
        const isMaking = status === 'provisioning' && runKind === 'provision';
        if (isMaking) await moveStatus(tx, lease.storeId, status, 'failed');
        await tx
          .updateTable('stores')
          .set({ error_json: writeJson(error) })
          .where('id', '=', lease.storeId)
          .execute();
        if (isMaking) await emitWebhook(tx, { type: 'store.failed', storeId: lease.storeId, now: error.at });
      }),

    /** Adds to what the store was made with; a name recorded before gets the new value. */
    recordMade: (
      lease: Lease,
      made: { images?: Readonly<Record<string, string>>; versions?: Readonly<Record<string, string>> },
    ): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const row = await tx
          .selectFrom('stores')
          .select(['images_json', 'versions_json'])
          .where('id', '=', lease.storeId)
          .executeTakeFirstOrThrow();
        await tx
          .updateTable('stores')
          .set({
            images_json: writeJson({ ...readTexts(row.images_json), ...made.images }),
            versions_json: writeJson({ ...readTexts(row.versions_json), ...made.versions }),
          })
          .where('id', '=', lease.storeId)
          .execute();
      }),

    /** What the last look said. Needs no lease: anybody may look, and the next look puts it right. */
    async recordHealth(id: string, health: StoreHealth, detail: string | null): Promise<void> {
      await db.kysely.updateTable('stores').set({ health, health_detail: detail }).where('id', '=', id).execute();
    },

    /**
     * Any status → `deleting` with a queued teardown run; other unfinished runs are called off. Whoever works on the
     * store now finds its lease refused and lets go; the teardown starts after that. Repeating it rings again. With
     * `whileBeingMade` it throws `not_allowed_now` for a store that is, or was, open: it may be so since the asker looked.
     */
    requestTeardown: ({
      id,
      ...request
    }: Omit<RunRequest, 'storeId'> & { readonly id: string; readonly whileBeingMade?: boolean }): Promise<string> =>
      requestTeardown(db, { ...request, storeId: id }),

    /**
     * The end of a teardown: the row and everything of it, which frees name, host, port, subnet and UID. The audit log
     * keeps its lines, and its owner gets a last mail. The lease is gone with it. Throws `not_allowed_now` unless the
     * store is being deleted.
     */
    remove: (lease: Lease, farewellOf: (store: Store) => MailContent): Promise<void> =>
      withFence(db, lease, async (tx, { status }) => {
        if (status !== 'deleting') throw notNow(`A store that is ${status} cannot be removed.`);
        const row = await selectStores(tx).where('stores.id', '=', lease.storeId).executeTakeFirstOrThrow();
        const store = toStore(row);
        const { name, domain, customerId, port, network, uid } = store;
        const details = { name, domain, customerId, port, subnet: network.subnet, uid };
        await quarantine(tx, await ownHostnames(tx, lease.storeId), customerId, new Date());
        await emitWebhook(tx, { type: 'store.deleted', storeId: lease.storeId, now: new Date() });
        await tx.deleteFrom('stores').where('id', '=', lease.storeId).execute();
        // Of no store, or it would go with this one.
        await insertMail(tx, {
          uniqueKey: `deleted:${lease.runId}`,
          storeId: null,
          recipient: store.customerEmail,
          now: new Date(),
          ...farewellOf(store),
        });
        const tasks = [cronTaskOf(lease.storeId), repairTaskOf(lease.storeId)];
        await tx.deleteFrom('scheduled_tasks').where('name', 'in', tasks).execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.deleted',
          target: lease.storeId,
          storeId: lease.storeId,
          details,
          at: new Date(),
        });
      }),

    /** Another port for the store, when somebody else listens on the one it has. Returns it. Throws `ports_exhausted`. */
    moveToAnotherPort: (lease: Lease, pools: PortPool): Promise<number> =>
      inTransaction(db, async (tx) => {
        await lockPools(tx);
        await checkFence(tx, lease);
        const now = new Date();
        const port = await choosePort(tx, pools, { ...SYSTEM, now });
        await tx.updateTable('ports').set({ port }).where('store_id', '=', lease.storeId).execute();
        await tx.updateTable('routes').set({ port }).where('store_id', '=', lease.storeId).execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.moved_port',
          target: lease.storeId,
          storeId: lease.storeId,
          details: { port },
          at: now,
        });
        return port;
      }),

    /** Is the store in one of these states, and nobody at work on it by the database's clock? One look at both. */
    async isFree(id: string, statuses: readonly StoreStatus[]): Promise<boolean> {
      const row = await db.kysely
        .selectFrom('stores')
        .select('id')
        .where('id', '=', id)
        .where('status', 'in', statuses)
        .where((eb) => eb.or([eb('lease_expires_at', 'is', null), eb('lease_expires_at', '<=', databaseNow)]))
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

async function moveStatus(tx: Tx, storeId: string, from: StoreStatus, to: StoreStatus): Promise<void> {
  assertCanBecome(from, to);
  await tx.updateTable('stores').set({ status: to }).where('id', '=', storeId).execute();
}

function notNow(message: string): AppError {
  return new AppError('not_allowed_now', message);
}
