import { AppError, NotFoundError } from '../domain/errors.ts';
import type { LedgerLine } from '../domain/ledger.ts';
import { DATABASE_NAME, DATABASE_USER } from '../domain/names.ts';
import type { Origin } from '../domain/origin.ts';
import { ADMIN_CREDENTIALS } from '../domain/secrets.ts';
import type { Store } from '../domain/store.ts';

export interface Credentials {
  readonly admin: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly email: string;
  };
  readonly database: {
    readonly host: string;
    readonly name: string;
    readonly username: string;
    readonly password: string;
  };
}

/** Unseals what the owner signs in with, and writes down that somebody looked. Throws `not_allowed_now` until the shop is installed. */
export function createCredentialsReader(deps: {
  stores: { find(query: { id: string; customerId?: string }): Promise<Store | undefined> };
  vault: { read(storeId: string, name: string): Promise<string | undefined> };
  audit: { append(line: LedgerLine): Promise<void> };
  adminUrlOf: (store: Store) => string;
  now: () => Date;
}) {
  return async (storeId: string, origin: Origin): Promise<Credentials> => {
    const store = await deps.stores.find({ id: storeId });
    if (store === undefined) throw new NotFoundError('store', storeId);
    const sealed = await deps.vault.read(storeId, ADMIN_CREDENTIALS);
    const databasePassword = await deps.vault.read(storeId, 'db-password');
    if (sealed === undefined || databasePassword === undefined) {
      throw new AppError('not_allowed_now', 'The credentials are not there yet: the shop is still being made.', {
        hint: `Watch it: shopctl store show ${storeId}`,
      });
    }
    await deps.audit.append({
      ...origin,
      action: 'credentials.read',
      target: storeId,
      storeId,
      details: {},
      at: deps.now(),
    });
    const { username, password, email } = JSON.parse(sealed) as { username: string; password: string; email: string };
    return {
      admin: { url: deps.adminUrlOf(store), username, password, email },
      database: { host: 'db', name: DATABASE_NAME, username: DATABASE_USER, password: databasePassword },
    };
  };
}
