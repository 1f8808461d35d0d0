import { sql } from 'kysely';
import { type Lease, RUN_RULES } from '../../domain/run.ts';
import type { Database } from './open-database.ts';
import { databaseNow, databaseNowPlus, inTransaction } from './transactions.ts';

export type LeaseRepository = ReturnType<typeof createLeaseRepository>;

export interface LeaseClaim {
  readonly runId: string;
  /** The worker's id. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Is the run due? Told by the database's clock unless given. */
  readonly now?: Date;
}

/** One walk per store at a time. The lease lives by the database's clock; its fence outlives every confusion. */
export function createLeaseRepository(db: Database) {
  return {
    /**
     * The right to work on the run's store: when the run is unfinished and due, may work on the store
     * as it is, and no live lease is on it. Marks
     * the run as running. `undefined` when there is nothing to be had; that is an answer, not an error.
     */
    claim: ({ runId, owner, leaseMs, now }: LeaseClaim): Promise<Lease | undefined> =>
      inTransaction(db, async (tx) => {
        const known = await tx
          .selectFrom('provisioning_jobs')
          .select(['store_id', 'kind'])
          .where('id', '=', runId)
          .executeTakeFirst();
        // A newer version may have kinds that this one does not know: they are left to its own workers.
        if (known === undefined || !Object.hasOwn(RUN_RULES, known.kind)) return undefined;
        const storeId = known.store_id;
        const free = await tx
          .selectFrom('stores')
          .select('fence')
          .where('id', '=', storeId)
          .where('status', 'in', RUN_RULES[known.kind].worksOn)
          .where((eb) => eb.or([eb('lease_expires_at', 'is', null), eb('lease_expires_at', '<=', databaseNow)]))
          .forUpdate()
          .executeTakeFirst();
        if (free === undefined) return undefined;
        const { numUpdatedRows } = await tx
          .updateTable('provisioning_jobs')
          .set((eb) => ({ status: 'running', started_at: eb.fn.coalesce('started_at', databaseNow) }))
          .where('id', '=', runId)
          .where('status', 'in', ['queued', 'running'])
          .where('next_attempt_at', '<=', now ?? databaseNow)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return undefined;
        const fence = free.fence + 1;
        await tx
          .updateTable('stores')
          .set({ fence, lease_owner: owner, lease_expires_at: databaseNowPlus(leaseMs) })
          .where('id', '=', storeId)
          .execute();
        return { storeId, runId, owner, fence };
      }),

    /** Longer by the database's clock. False when the lease was taken over or released, or the run was called off. */
    async renew(lease: Lease, leaseMs: number): Promise<boolean> {
      const { numUpdatedRows } = await db.kysely
        .updateTable('stores')
        .set({ lease_expires_at: databaseNowPlus(leaseMs) })
        .where('id', '=', lease.storeId)
        .where('fence', '=', lease.fence)
        .where('lease_owner', '=', lease.owner)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('provisioning_jobs as job')
              .select(sql.lit(1).as('one'))
              .where('job.id', '=', lease.runId)
              .where('job.status', '=', 'running')
              .where((or) => or.or([or('stores.status', '<>', 'deleting'), or('job.kind', '=', 'teardown')])),
          ),
        )
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    /**
     * Lets go: from here on everything with this lease is refused. A run without a verdict is queued again, for
     * `nextAttemptAt` or at once. Does nothing when the lease is not ours any more.
     */
    release: (lease: Lease, next?: { nextAttemptAt?: Date | undefined }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('stores')
          .set({ lease_owner: null, lease_expires_at: null })
          .where('id', '=', lease.storeId)
          .where('fence', '=', lease.fence)
          .where('lease_owner', '=', lease.owner)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        await tx
          .updateTable('provisioning_jobs')
          .set({ status: 'queued', next_attempt_at: next?.nextAttemptAt ?? databaseNow })
          .where('id', '=', lease.runId)
          .where('status', '=', 'running')
          .execute();
      }),

    /** Ends the leases of workers known to be dead, on stores and on mails. Should one live after all, it is refused. */
    async expireOwnedBy(owners: readonly string[]): Promise<void> {
      if (owners.length === 0) return;
      await inTransaction(db, (tx) =>
        tx
          .updateTable('stores')
          .set((eb) => ({ lease_owner: null, lease_expires_at: null, fence: eb('fence', '+', 1) }))
          .where('lease_owner', 'in', owners)
          .execute(),
      );
      await inTransaction(db, (tx) =>
        tx
          .updateTable('outbox')
          .set({ lease_owner: null, lease_expires_at: null })
          .where('lease_owner', 'in', owners)
          .execute(),
      );
    },
  };
}
