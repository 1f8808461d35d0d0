import type { Database } from './open-database.ts';

export type SealedRowRepository = ReturnType<typeof createSealedRowRepository>;

/** One sealed text with the place it is bound to. */
export interface SealedTextRow {
  /** The id of a store, an account or a webhook. */
  readonly owner: string;
  readonly name: string;
  readonly sealed: string;
}

export interface SealedColumn {
  /** In the order of places, from behind `after` on. */
  page(after: SealedTextRow | undefined, limit: number): Promise<SealedTextRow[]>;
  /** False where another text stands by now: whoever wrote it had the key of today, or the row is gone. */
  replace(row: SealedTextRow, next: { readonly keyId: string; readonly text: string }): Promise<boolean>;
}

/** Every column that holds sealed texts, so that a changed key reaches all of them. A new one is added here. */
export function createSealedRowRepository(db: Database) {
  const ofStores: SealedColumn = {
    page: (after, limit) =>
      db.kysely
        .selectFrom('sealed_secrets')
        .select(['store_id as owner', 'name', 'sealed'])
        .where((eb) =>
          after === undefined
            ? eb.lit(true)
            : eb.or([
                eb('store_id', '>', after.owner),
                eb.and([eb('store_id', '=', after.owner), eb('name', '>', after.name)]),
              ]),
        )
        .orderBy('store_id')
        .orderBy('name')
        .limit(limit)
        .execute(),
    async replace({ owner, name, sealed }, { keyId, text }) {
      const { numUpdatedRows } = await db.kysely
        .updateTable('sealed_secrets')
        .set({ key_id: keyId, sealed: text })
        .where('store_id', '=', owner)
        .where('name', '=', name)
        .where('sealed', '=', sealed)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };

  const ofApps: SealedColumn = {
    async page(after, limit) {
      const rows = await db.kysely
        .selectFrom('totp_factors')
        .select(['customer_id as owner', 'sealed'])
        .where('customer_id', '>', after?.owner ?? '')
        .orderBy('customer_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, name: 'totp' }));
    },
    async replace({ owner, sealed }, { keyId, text }) {
      const { numUpdatedRows } = await db.kysely
        .updateTable('totp_factors')
        .set({ key_id: keyId, sealed: text })
        .where('customer_id', '=', owner)
        .where('sealed', '=', sealed)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };

  const ofWebhooks = (column: 'sealed' | 'old_sealed'): SealedColumn => ({
    async page(after, limit) {
      const rows = await db.kysely
        .selectFrom('webhook_endpoints')
        .select(['id', column])
        .where('id', '>', after?.owner ?? '')
        .where(column, 'is not', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ owner: row.id, name: column, sealed: row[column] ?? '' }));
    },
    async replace({ owner, sealed }, { text }) {
      const { numUpdatedRows } = await db.kysely
        .updateTable('webhook_endpoints')
        .set({ [column]: text })
        .where('id', '=', owner)
        .where(column, '=', sealed)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  });

  return { ofStores, ofApps, ofWebhooks: ofWebhooks('sealed'), ofWebhooksBefore: ofWebhooks('old_sealed') };
}
