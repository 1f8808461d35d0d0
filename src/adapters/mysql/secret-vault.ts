import type { Lease } from '../../domain/run.ts';
import type { Database } from './open-database.ts';
import { databaseNow, type Queries, withFence } from './transactions.ts';

export type SecretVault = ReturnType<typeof createSecretVault>;

export interface SecretRow {
  readonly storeId: string;
  readonly name: string;
}

/** Where a sealed text stands: `owner` is the store's id. */
interface SealedPlace {
  readonly owner: string;
  readonly name: string;
}

/** What seals and opens: `createSealer` of adapters/crypto. Bound to the row, so that swapped rows do not open. */
export interface SecretSealer {
  seal(clear: string, row: SealedPlace): Promise<{ readonly keyId: string; readonly text: string }>;
  open(sealed: string, row: SealedPlace): Promise<string>;
}

/** Stores' secrets, sealed at rest. Only the worker and the operator's commands have a sealer for them. */
export function createSecretVault(db: Database, sealer: SecretSealer) {
  async function readFrom(queries: Queries, { storeId, name }: SecretRow): Promise<string | undefined> {
    const row = await queries
      .selectFrom('sealed_secrets')
      .select('sealed')
      .where('store_id', '=', storeId)
      .where('name', '=', name)
      .executeTakeFirst();
    return row && sealer.open(row.sealed, { owner: storeId, name });
  }

  return {
    /**
     * The secret of that name; made and sealed before it is handed out, so that what was once used is never lost. Also
     * reading is refused with an old lease. Throws `secret_unreadable` for a row that does not open.
     */
    getOrCreate: (
      { storeId, name, make }: SecretRow & { readonly make: () => string | Promise<string> },
      lease: Lease,
    ): Promise<string> =>
      withFence(db, lease, async (tx) => {
        const known = await readFrom(tx, { storeId, name });
        if (known !== undefined) return known;
        const clear = await make();
        const { keyId, text } = await sealer.seal(clear, { owner: storeId, name });
        await tx
          .insertInto('sealed_secrets')
          .values({ store_id: storeId, name, key_id: keyId, sealed: text, created_at: databaseNow })
          .execute();
        return clear;
      }),

    /** `undefined` when the store has no such secret. Throws `secret_unreadable`. */
    read: (storeId: string, name: string): Promise<string | undefined> => readFrom(db.kysely, { storeId, name }),

    async names(storeId: string): Promise<string[]> {
      const rows = await db.kysely
        .selectFrom('sealed_secrets')
        .select('name')
        .where('store_id', '=', storeId)
        .orderBy('name')
        .execute();
      return rows.map(({ name }) => name);
    },

    /** Every secret of the lease's store. */
    wipe: (lease: Lease): Promise<void> =>
      withFence(db, lease, async (tx) => {
        await tx.deleteFrom('sealed_secrets').where('store_id', '=', lease.storeId).execute();
      }),
  };
}
