import { AppError } from '../../domain/errors.ts';
import type { NewStore } from '../../domain/new-store.ts';
import { lockPools, type Pools } from './allocate.ts';
import { appendAudit } from './audit.ts';
import { insertStore } from './create-store.ts';
import { insertSelfMadeCustomer } from './customers.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { insertSession, type NewSession } from './sessions.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type SignUpRepository = ReturnType<typeof createSignUpRepository>;

export interface NewSignUp {
  readonly email: string;
  /** Of the typed password, made as every account of this address makes it: equal texts are equal passwords. */
  readonly passwordHash: string;
  /** The account that the password is known to open. */
  readonly customerId: string | undefined;
  readonly store: Omit<NewStore, 'customerId' | 'actor' | 'now'>;
  /** SHA-256 of the form's own key, in hex. */
  readonly requestKey: string;
  readonly session: NewSession;
  readonly mailFactsOf: (storeId: string) => Readonly<Record<string, string>>;
  readonly now: Date;
}

/** `again`: the store was there already, made by the same person with the same wish. */
export type SignUpResult =
  | { readonly kind: 'new'; readonly storeId: string; readonly customerId: string; readonly runId: string }
  | { readonly kind: 'again'; readonly storeId: string; readonly customerId: string };

/** Account, store and all that begins with them. */
export function createSignUpRepository(db: Database) {
  return {
    /**
     * Account (unless there is one with this address and password), store, run, session, mail and audit lines: all or
     * nothing. The same wish again, by key or by name, answers with the store that is there, and a new session. Any
     * number at once wait for each other. Throws `request_refused` when the form has made a store for somebody else,
     * `name_taken`, `ports_exhausted`, `subnets_exhausted`, `uids_exhausted`.
     */
    accept: (signUp: NewSignUp, pools: Pools): Promise<SignUpResult> =>
      inTransaction(db, async (tx) => {
        await lockPools(tx);
        const customerId = signUp.customerId ?? (await findCustomer(tx, signUp));
        const known = await findStore(tx, signUp, customerId);
        if (known !== undefined) {
          await insertSession(tx, known.customerId, signUp.session);
          return { kind: 'again', ...known };
        }
        return insertNew(tx, signUp, customerId, pools);
      }),
  };
}

/** One that was made since the caller has looked. */
async function findCustomer(tx: Tx, { email, passwordHash }: NewSignUp): Promise<string | undefined> {
  const row = await tx
    .selectFrom('customers')
    .select('id')
    .where('email', '=', email)
    .where('password_hash', '=', passwordHash)
    .orderBy('created_at')
    .executeTakeFirst();
  return row?.id;
}

async function findStore(tx: Tx, { store, requestKey }: NewSignUp, customerId: string | undefined) {
  const rows = await tx
    .selectFrom('stores')
    .select(['id', 'customer_id', 'status', 'name', 'request_key'])
    .where((eb) => eb.or([eb('request_key', '=', requestKey), eb('name', '=', store.name)]))
    .execute();
  const ours = rows.filter((row) => row.customer_id === customerId && row.status !== 'deleting');
  const sameForm = rows.find((row) => row.request_key === requestKey);
  if (sameForm !== undefined && !ours.includes(sameForm)) {
    throw new AppError('request_refused', 'This form has made a store already, for somebody else or one that is gone.');
  }
  const found = sameForm ?? ours[0];
  if (found !== undefined) return { storeId: found.id, customerId: found.customer_id };
  return undefined; // A name that somebody else has is told by the unique key.
}

async function insertNew(tx: Tx, signUp: NewSignUp, known: string | undefined, pools: Pools): Promise<SignUpResult> {
  const { email, store, session, requestKey, now } = signUp;
  const customerId = known ?? (await insertSelfMadeCustomer(tx, signUp));
  const { storeId, runId } = await insertStore(tx, { ...store, customerId, actor: customerId, now }, pools, requestKey);
  if (known === undefined) {
    const details = { email, address: session.address };
    await appendAudit(tx, { actor: customerId, action: 'account.signed_up', target: customerId, details, at: now });
  }
  await insertSession(tx, customerId, session);
  await insertMail(tx, {
    uniqueKey: `signed-up:${storeId}`,
    storeId,
    recipient: email,
    kind: 'welcome',
    payload: signUp.mailFactsOf(storeId),
    now,
  });
  return { kind: 'new', storeId, customerId, runId };
}
