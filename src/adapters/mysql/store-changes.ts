import { DELETION_GRACE_DAYS } from '../../domain/changes.ts';
import { AppError } from '../../domain/errors.ts';
import { assertCanBecome } from '../../domain/lifecycle.ts';
import { SYSTEM } from '../../domain/origin.ts';
import type { Lease, Run } from '../../domain/run.ts';
import type { KeptStatus, StoreStatus, SuspendedBy } from '../../domain/store.ts';
import { DAY } from '../../lib/time.ts';
import { appendAudit } from './audit.ts';
import { type ChangeRequest, requestChange } from './change-requests.ts';
import { emitWebhook } from './emit-webhook.ts';
import { dueAtIn } from './leaving-stores.ts';
import type { Database } from './open-database.ts';
import { lockStore, takeDown } from './run-requests.ts';
import { inTransaction, type Queries, type Tx, withFence } from './transactions.ts';

export type StoreChangeRepository = ReturnType<typeof createStoreChangeRepository>;

/** How a store that is made becomes closed, open again, or marked for deletion. Everything but the request needs the lease. */
export function createStoreChangeRepository(db: Database) {
  return {
    /**
     * A queued run of the kind, with its line in the ledger; the same wish again is the same run. What it contradicts
     * and has not ended is called off. Throws `not_allowed_now` when the store is not in a state for it, and for owners
     * who would open what an operator has closed.
     */
    request: (request: ChangeRequest): Promise<string> => requestChange(db, request),

    /** `active` → `suspended`, with the reason. Repeating it does nothing; an operator's reason replaces an owner's. */
    markSuspended: (lease: Lease, { id, input }: Run, now: Date): Promise<void> =>
      withFence(db, lease, async (tx, { status }) => {
        const by: SuspendedBy = input['by'] === 'operator' ? 'operator' : 'owner';
        const actor = input['actor'] ?? by;
        const known = await tx
          .selectFrom('suspensions')
          .select(['run_id', 'suspended_by'])
          .where('store_id', '=', lease.storeId)
          .executeTakeFirst();
        if (known?.run_id === id) return;
        if (known?.suspended_by === 'operator' && by === 'owner') {
          throw new AppError('not_allowed_now', 'The store was suspended by an operator meanwhile.');
        }
        if (status !== 'suspended') await move(tx, lease.storeId, status, 'suspended');
        const row = {
          suspended_by: by,
          actor,
          reason: input['reason'] ?? '',
          customer_text: input['text'] ?? null,
          run_id: id,
          suspended_at: now,
        };
        await tx
          .insertInto('suspensions')
          .values({ store_id: lease.storeId, ...row })
          .onDuplicateKeyUpdate(row)
          .execute();
        // The reason is in the line of the wish: owners read this one.
        const details = { by, ...(row.customer_text === null ? {} : { text: row.customer_text }) };
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.suspended',
          target: lease.storeId,
          storeId: lease.storeId,
          details,
          at: now,
        });
        await emitWebhook(tx, { type: 'store.suspended', storeId: lease.storeId, now });
      }),

    /** `suspended` → `active`. Repeating it does nothing. */
    markResumed: (lease: Lease, _run: Run, now: Date): Promise<void> =>
      withFence(db, lease, async (tx, { status }) => {
        if (status !== 'suspended') return;
        await move(tx, lease.storeId, status, 'active');
        await tx.deleteFrom('suspensions').where('store_id', '=', lease.storeId).execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.resumed',
          target: lease.storeId,
          storeId: lease.storeId,
          details: {},
          at: now,
        });
        await emitWebhook(tx, { type: 'store.resumed', storeId: lease.storeId, now });
      }),

    /** The ledger's line about a restart; once per run, however often it is asked. */
    recordRestart: (lease: Lease, { id }: Run, now: Date): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const { restart_run_id: known } = await tx
          .selectFrom('stores')
          .select('restart_run_id')
          .where('id', '=', lease.storeId)
          .executeTakeFirstOrThrow();
        if (known === id) return;
        await tx.updateTable('stores').set({ restart_run_id: id }).where('id', '=', lease.storeId).execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.restarted',
          target: lease.storeId,
          storeId: lease.storeId,
          details: {},
          at: now,
        });
      }),

    /** The store has the plan that the run was asked for. Repeating it does nothing. */
    recordPlan: (lease: Lease, { input }: Run, now: Date): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const { plan: before } = await tx
          .selectFrom('stores')
          .select('plan')
          .where('id', '=', lease.storeId)
          .executeTakeFirstOrThrow();
        const { plan } = input;
        if (plan === undefined || plan === before) return;
        await tx.updateTable('stores').set({ plan }).where('id', '=', lease.storeId).execute();
        const details = { before, plan };
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.plan_changed',
          target: lease.storeId,
          storeId: lease.storeId,
          details,
          at: now,
        });
      }),

    /** To `deletion-scheduled`, with what the store comes back to and when it goes. Repeating it does nothing. */
    markForDeletion: (lease: Lease, { id, input }: Run, now: Date): Promise<void> =>
      withFence(db, lease, async (tx, { status }) => {
        if (status === 'deletion-scheduled') return;
        const previous = keptStatusOf(status);
        await move(tx, lease.storeId, status, 'deletion-scheduled');
        const dueAt = dueAtIn(input) ?? new Date(now.getTime() + DELETION_GRACE_DAYS * DAY);
        await tx
          .insertInto('store_deletions')
          .values({
            store_id: lease.storeId,
            previous_status: previous,
            actor: input['actor'] ?? 'owner',
            run_id: id,
            requested_at: now,
            due_at: dueAt,
          })
          .execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.deletion_scheduled',
          target: lease.storeId,
          storeId: lease.storeId,
          details: { previousStatus: previous, dueAt: dueAt.toISOString() },
          at: now,
        });
        await emitWebhook(tx, { type: 'store.deletion-scheduled', storeId: lease.storeId, now });
      }),

    /** Back to what the store was before its deletion was asked for. Repeating it does nothing. */
    markKept: (lease: Lease, _run: Run, now: Date): Promise<void> =>
      withFence(db, lease, async (tx, { status }) => {
        if (status !== 'deletion-scheduled') return;
        const { previous_status: previous } = await tx
          .selectFrom('store_deletions')
          .select('previous_status')
          .where('store_id', '=', lease.storeId)
          .executeTakeFirstOrThrow();
        await move(tx, lease.storeId, status, previous);
        await tx.deleteFrom('store_deletions').where('store_id', '=', lease.storeId).execute();
        const details = { status: previous };
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.deletion_undone',
          target: lease.storeId,
          storeId: lease.storeId,
          details,
          at: now,
        });
        await emitWebhook(tx, { type: 'store.deletion-undone', storeId: lease.storeId, now });
      }),

    /** Stores whose days of grace are over and whose owner has not wished to keep them since, longest first. */
    async dueForDeletion(now: Date, limit: number): Promise<string[]> {
      const rows = await overdue(db.kysely, now).orderBy('due_at').limit(limit).execute();
      return rows.map(({ store_id }) => store_id);
    },

    /**
     * A queued teardown for a store whose days of grace are over. `undefined` when that is not so (any more), or when
     * its owner's last wish was to keep it: also an undo that has failed stands, until somebody wishes otherwise.
     */
    requestDueTeardown: (storeId: string, now: Date): Promise<string | undefined> =>
      inTransaction(db, async (tx) => {
        const { status } = await lockStore(tx, storeId);
        const due = await overdue(tx, now).where('stores.id', '=', storeId).executeTakeFirst();
        return due === undefined ? undefined : takeDown(tx, { storeId, ...SYSTEM, now }, status);
      }),
  };
}

/** Of all wishes to delete a store or to keep it after all, the newest counts, whatever became of it. */
function overdue(queries: Queries, now: Date) {
  return (
    queries
      .selectFrom('store_deletions')
      .innerJoin('stores', 'stores.id', 'store_deletions.store_id')
      .innerJoin('customers', 'customers.id', 'stores.customer_id')
      .select('store_deletions.store_id')
      // Its owner cannot take it back while nobody gets into the account.
      .where('customers.locked_at', 'is', null)
      .where('stores.status', '=', 'deletion-scheduled')
      .where('due_at', '<=', now)
      .where(
        (eb) =>
          eb
            .selectFrom('provisioning_jobs as wish')
            .select('wish.kind')
            .whereRef('wish.store_id', '=', 'stores.id')
            .where('wish.kind', 'in', ['schedule-delete', 'undo-delete'])
            .orderBy('wish.created_at', 'desc')
            .orderBy('wish.id', 'desc')
            .limit(1),
        '=',
        'schedule-delete',
      )
  );
}

function keptStatusOf(status: StoreStatus): KeptStatus {
  if (status === 'active' || status === 'suspended' || status === 'failed') return status;
  throw new AppError('not_allowed_now', `A store that is ${status} cannot be marked for deletion.`);
}

/** Nobody has looked at it in its new state yet. */
async function move(tx: Tx, storeId: string, from: StoreStatus, to: StoreStatus): Promise<void> {
  assertCanBecome(from, to);
  await tx
    .updateTable('stores')
    .set({ status: to, health: 'unknown', health_detail: null })
    .where('id', '=', storeId)
    .execute();
}
