import { NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import type { KnownPasskey } from '../../domain/passkey.ts';
import { appendAudit } from './audit.ts';
import { readJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { inTransaction } from './transactions.ts';

export type PasskeyRepository = ReturnType<typeof createPasskeyRepository>;

/** A passkey with what checks its answers. */
export interface StoredPasskey extends KnownPasskey {
  readonly id: string;
  readonly customerId: string;
  /** COSE, as base64url. */
  readonly publicKey: string;
  readonly counter: number;
}

/** Passkeys to look up. They come, go and are used with `createSecondFactorRepository`. */
export function createPasskeyRepository(db: Database) {
  const select = () =>
    db.kysely
      .selectFrom('passkeys')
      .select(['id', 'customer_id', 'credential_id', 'public_key', 'counter', 'transports_json']);
  return {
    /** Whosever it is. */
    async findByCredential(credentialId: string): Promise<StoredPasskey | undefined> {
      const row = await select().where('credential_id', '=', credentialId).executeTakeFirst();
      return row && toPasskey(row);
    },

    async listOf(customerId: string): Promise<StoredPasskey[]> {
      return (await select().where('customer_id', '=', customerId).execute()).map(toPasskey);
    },

    /** Throws `not_found`, also for somebody else's. */
    rename: (change: {
      readonly id: string;
      readonly customerId: string;
      readonly name: string;
      readonly origin: Origin;
      readonly now: Date;
    }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { id, customerId, name, origin, now } = change;
        const { numUpdatedRows } = await tx
          .updateTable('passkeys')
          .set({ name })
          .where('id', '=', id)
          .where('customer_id', '=', customerId)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw new NotFoundError('passkey', id);
        const details = { passkey: id };
        await appendAudit(tx, { ...origin, action: 'passkey.renamed', target: customerId, details, at: now });
      }),
  };
}

function toPasskey(row: {
  readonly id: string;
  readonly customer_id: string;
  readonly credential_id: string;
  readonly public_key: string;
  readonly counter: number;
  readonly transports_json: string;
}): StoredPasskey {
  return {
    id: row.id,
    customerId: row.customer_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: readJson(row.transports_json) as string[],
  };
}
