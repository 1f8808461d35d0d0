import { sql } from 'kysely';
import type { Database } from './open-database.ts';
import { databaseNow, inTransaction } from './transactions.ts';

export type WorkerRepository = ReturnType<typeof createWorkerRepository>;

export interface NewWorker {
  readonly id: string;
  readonly hostname: string;
  /** A pid means nothing after a reboot; this tells. */
  readonly bootId: string;
  readonly pid: number;
  readonly startedAt: Date;
}

export interface WorkerRecord extends NewWorker {
  readonly heartbeatAt: Date;
  /** Since its last sign of life, by the database's clock. */
  readonly silentMs: number;
}

/** Who works here. A leftover row is harmless: leases die by themselves. */
export function createWorkerRepository(db: Database) {
  return {
    async register({ id, hostname, bootId, pid, startedAt }: NewWorker): Promise<void> {
      const facts = { hostname, boot_id: bootId, pid, started_at: startedAt, heartbeat_at: databaseNow };
      await inTransaction(db, (tx) =>
        tx
          .insertInto('workers')
          .values({ id, ...facts })
          .onDuplicateKeyUpdate(facts)
          .execute(),
      );
    },

    /** False when nobody knows this worker (any more): it should register again. */
    async heartbeat(id: string): Promise<boolean> {
      const { numUpdatedRows } = await inTransaction(db, (tx) =>
        tx.updateTable('workers').set({ heartbeat_at: databaseNow }).where('id', '=', id).executeTakeFirstOrThrow(),
      );
      return numUpdatedRows === 1n;
    },

    /** Longest serving first. */
    async list(): Promise<WorkerRecord[]> {
      const rows = await db.kysely
        .selectFrom('workers')
        .selectAll()
        .select(sql<number>`TIMESTAMPDIFF(MICROSECOND, heartbeat_at, UTC_TIMESTAMP(3)) / 1000`.as('silent_ms'))
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        hostname: row.hostname,
        bootId: row.boot_id,
        pid: row.pid,
        startedAt: row.started_at,
        heartbeatAt: row.heartbeat_at,
        silentMs: Math.round(Number(row.silent_ms)),
      }));
    },

    async remove(id: string): Promise<void> {
      await inTransaction(db, (tx) => tx.deleteFrom('workers').where('id', '=', id).execute());
    },
  };
}
