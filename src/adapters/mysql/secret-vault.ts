import type { LedgerLine } from '../../domain/ledger.ts';
import type { Lease } from '../../domain/run.ts';
import { ADMIN_CREDENTIALS, type ChangedSecret, nextNameOf } from '../../domain/secrets.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { databaseNow, type Queries, type Tx, withFence } from './transactions.ts';

export type SecretVault = ReturnType<typeof createSecretVault>;

export interface SecretRow {
  readonly storeId: string;
  readonly name: string;
}

/** Asked only for a secret that is not there yet. */
export type SecretMaker = () => string | Promise<string>;

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

  async function write(tx: Tx, { storeId, name }: SecretRow, clear: string, runId: string | null): Promise<void> {
    const { keyId, text } = await sealer.seal(clear, { owner: storeId, name });
    const facts = { key_id: keyId, sealed: text, replaced_by_run: runId };
    await tx
      .insertInto('sealed_secrets')
      .values({ store_id: storeId, name, created_at: databaseNow, ...facts })
      .onDuplicateKeyUpdate({ ...facts, created_at: databaseNow })
      .execute();
  }

  async function isReplacedBy(tx: Tx, storeId: string, name: string, runId: string): Promise<boolean> {
    const row = await tx
      .selectFrom('sealed_secrets')
      .select('replaced_by_run')
      .where('store_id', '=', storeId)
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.replaced_by_run === runId;
  }

  return {
    /**
     * The secrets of these names; made and sealed before they are handed out, so that what was once used is never lost.
     * All that are not there yet are made, or none. Also reading is refused with an old lease. Throws
     * `secret_unreadable` for a row that does not open.
     */
    getOrCreate: <Name extends string>(
      { storeId, makers }: { readonly storeId: string; readonly makers: Readonly<Record<Name, SecretMaker>> },
      lease: Lease,
    ): Promise<Record<Name, string>> =>
      withFence(db, lease, async (tx) => {
        const rows = await tx
          .selectFrom('sealed_secrets')
          .select(['name', 'sealed'])
          .where('store_id', '=', storeId)
          .where('name', 'in', Object.keys(makers))
          .execute();
        const found: Partial<Record<string, string>> = {};
        for (const { name, sealed } of rows) found[name] = await sealer.open(sealed, { owner: storeId, name });
        for (const [name, make] of Object.entries<SecretMaker>(makers)) {
          if (found[name] !== undefined) continue;
          found[name] = await make();
          await write(tx, { storeId, name }, found[name], null);
        }
        return found as Record<Name, string>;
      }),

    /**
     * What is to take the place of the secret of that name: made and sealed before it is handed out, the same one
     * however often it is asked for, also by a later run where an earlier one has failed. `undefined` once the lease's
     * run has put it there.
     */
    nextOf: (name: ChangedSecret, make: () => string, lease: Lease): Promise<string | undefined> =>
      withFence(db, lease, async (tx) => {
        const { storeId, runId } = lease;
        if (await isReplacedBy(tx, storeId, name, runId)) return undefined;
        const row = { storeId, name: nextNameOf(name) };
        const known = await readFrom(tx, row);
        if (known !== undefined) return known;
        const clear = make();
        await write(tx, row, clear, null);
        return clear;
      }),

    /**
     * From now on the next one is the one, everywhere it is kept, and the ledger says so. Nothing happens when the
     * lease's run has done it, or there is no next one.
     */
    replace: (name: ChangedSecret, line: LedgerLine, lease: Lease): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const { storeId, runId } = lease;
        const next = await readFrom(tx, { storeId, name: nextNameOf(name) });
        if (next === undefined) return;
        await write(tx, { storeId, name }, next, runId);
        if (name === 'admin-password') {
          const shown = { storeId, name: ADMIN_CREDENTIALS };
          const known = await readFrom(tx, shown);
          const facts = known === undefined ? undefined : (JSON.parse(known) as object);
          if (facts !== undefined) await write(tx, shown, JSON.stringify({ ...facts, password: next }), runId);
        }
        await tx
          .deleteFrom('sealed_secrets')
          .where('store_id', '=', storeId)
          .where('name', '=', nextNameOf(name))
          .execute();
        await appendAudit(tx, line);
      }),

    /** `undefined` when the store has no such secret. Throws `secret_unreadable`. */
    read: (storeId: string, name: string): Promise<string | undefined> => readFrom(db.kysely, { storeId, name }),

    /** For who writes it down together with what it belongs to. */
    seal: ({ storeId, name }: SecretRow, clear: string): Promise<{ readonly keyId: string; readonly text: string }> =>
      sealer.seal(clear, { owner: storeId, name }),

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
