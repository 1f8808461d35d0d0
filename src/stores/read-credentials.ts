import { AppError, NotFoundError } from '../domain/errors.ts';
import type { LedgerLine } from '../domain/ledger.ts';
import { DATABASE_HOST, DATABASE_NAME, DATABASE_USER } from '../domain/names.ts';
import type { Origin } from '../domain/origin.ts';
import { ADMIN_CREDENTIALS, type ChangedSecret, nextNameOf } from '../domain/secrets.ts';
import type { Store } from '../domain/store.ts';

export interface Credentials {
  readonly admin: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    /** While it is being changed, and where that has failed: good if the other one is refused. */
    readonly nextPassword?: string;
    readonly email: string;
  };
  readonly database: {
    readonly host: string;
    readonly name: string;
    readonly username: string;
    readonly password: string;
    /** As the administrator's. */
    readonly nextPassword?: string;
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
  async function nextOf(storeId: string, name: ChangedSecret): Promise<{ nextPassword?: string }> {
    const nextPassword = await deps.vault.read(storeId, nextNameOf(name));
    return nextPassword === undefined ? {} : { nextPassword };
  }
  return async (storeId: string, origin: Origin): Promise<Credentials> => {
    const store = await deps.stores.find({ id: storeId });
    if (store === undefined) throw new NotFoundError('store', storeId);
    // The next ones first: one that becomes the one meanwhile is shown twice, never not at all.
    const nextOfAdmin = await nextOf(storeId, 'admin-password');
    const nextOfDatabase = await nextOf(storeId, 'db-password');
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
      admin: { url: deps.adminUrlOf(store), username, password, ...nextOfAdmin, email },
      database: {
        host: DATABASE_HOST,
        name: DATABASE_NAME,
        username: DATABASE_USER,
        password: databasePassword,
        ...nextOfDatabase,
      },
    };
  };
}
