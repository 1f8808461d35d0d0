import { NotFoundError } from '../../domain/errors.ts';
import { readJson } from './json-columns.ts';
import type { Database } from './open-database.ts';

export type PasskeyRepository = ReturnType<typeof createPasskeyRepository>;

/** A passkey with what checks its signatures. */
export interface StoredPasskey {
  readonly id: string;
  readonly customerId: string;
  readonly credentialId: string;
  /** COSE, as base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
}

/** Passkeys to look up. They come and go with `createSecondFactorRepository`. */
export function createPasskeyRepository(db: Database) {
  const select = () =>
    db.kysely
      .selectFrom('passkeys')
      .select(['id', 'customer_id', 'credential_id', 'public_key', 'counter', 'transports_json']);
  return {
    async findByCredential(credentialId: string): Promise<StoredPasskey | undefined> {
      const row = await select().where('credential_id', '=', credentialId).executeTakeFirst();
      return row && toPasskey(row);
    },

    async listOf(customerId: string): Promise<StoredPasskey[]> {
      return (await select().where('customer_id', '=', customerId).execute()).map(toPasskey);
    },

    /** Throws `not_found`, also for somebody else's. */
    async rename({ id, customerId, name }: { id: string; customerId: string; name: string }): Promise<void> {
      const mine = db.kysely
        .selectFrom('passkeys')
        .select('id')
        .where('id', '=', id)
        .where('customer_id', '=', customerId);
      if ((await mine.executeTakeFirst()) === undefined) throw new NotFoundError('passkey', id);
      await db.kysely
        .updateTable('passkeys')
        .set({ name })
        .where('id', '=', id)
        .where('customer_id', '=', customerId)
        .execute();
    },
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
