import type { LinkMailOrders } from '../../accounts/link-mails.ts';
import { AppError } from '../../domain/errors.ts';
import type { NewStore } from '../../domain/new-store.ts';
import type { MailFacts } from '../../mail/mail-kinds.ts';
import { lockPools, type Pools } from './allocate.ts';
import { appendAudit } from './audit.ts';
import { insertStore } from './create-store.ts';
import {
  type CheckedAccount,
  changedMeanwhile,
  insertSelfMadeCustomer,
  lockAsChecked,
  requireVerified,
} from './customers.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { insertSession, type NewSession } from './sessions.ts';
import { startColumn } from './store-rows.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type SignUpRepository = ReturnType<typeof createSignUpRepository>;

export interface NewSignUp {
  readonly email: string;
  /** Of the typed password, made as every account of this address makes it: equal texts are equal passwords. */
  readonly passwordHash: string;
  /** The account that the password is known to open. */
  readonly account: CheckedAccount | undefined;
  /** The terms whose box was ticked, by their address; kept in the ledger with an account that is made. */
  readonly agreedTo: string | null;
  readonly store: Omit<NewStore, 'customerId' | 'actor' | 'now'>;
  /** SHA-256 of the form's own key, in hex. */
  readonly requestKey: string;
  readonly session: NewSession;
  /** `null` when there is to be no mail: its address has had enough of them. */
  readonly mailFactsOf: ((storeId: string) => MailFacts<'welcome'>) | null;
  readonly now: Date;
}

/**
 * `again`: the store was there already, made by the same person with the same wish. `differs`: the person has made
 * `storeName` with this form, or has a store of the wished name, but as something else than what is asked for now.
 */
export type SignUpResult =
  | { readonly kind: 'new'; readonly storeId: string; readonly customerId: string; readonly runId: string }
  | { readonly kind: 'again'; readonly storeId: string; readonly customerId: string }
  | { readonly kind: 'differs'; readonly storeName: string };

/** Account, store and all that begins with them. */
export function createSignUpRepository(db: Database) {
  return {
    /**
     * Account (unless there is one with this address and password), store, run, session, mail and audit lines: all or
     * nothing. The same wish again, by key or by name, answers with the store that is there, and a new session; another
     * wish under its key or name changes nothing. Any number at once wait for each other. Throws `wrong_credentials` when the
     * account is not as it was checked any more, `request_refused` when the form has made a store for somebody else,
     * `name_taken`, `email_unverified` for a second store, `ports_exhausted`, `subnets_exhausted`, `uids_exhausted`.
     */
    accept: (signUp: NewSignUp, pools: Pools): Promise<SignUpResult> =>
      inTransaction(db, async (tx) => {
        await lockPools(tx);
        const account = signUp.account ?? (await findAccount(tx, signUp));
        if (account !== undefined && !(await lockAsChecked(tx, account))) throw changedMeanwhile(account);
        const customerId = account?.id;
        const known = await findStore(tx, signUp, customerId);
        if (known === undefined) return insertNew(tx, signUp, customerId, pools);
        if (!isSameWish(known, signUp.store)) return { kind: 'differs', storeName: known.name };
        const { id: storeId, customer_id: owner } = known;
        await insertSession(tx, owner, signUp.session);
        return { kind: 'again', storeId, customerId: owner };
      }),

    /** Has a store been made with this form, by whomever? */
    async isMade(requestKey: string): Promise<boolean> {
      const row = await db.kysely
        .selectFrom('stores')
        .select('id')
        .where('request_key', '=', requestKey)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** One that was made since the caller has looked, by the password alone. */
async function findAccount(tx: Tx, { email, passwordHash }: NewSignUp): Promise<CheckedAccount | undefined> {
  const row = await tx
    .selectFrom('customers')
    .select('id')
    .where('email', '=', email)
    .where('password_hash', '=', passwordHash)
    .orderBy('created_at')
    .forUpdate()
    .executeTakeFirst();
  return row && { id: row.id, passwordHash, hasSecondFactor: false };
}

async function findStore(tx: Tx, { store, requestKey }: NewSignUp, customerId: string | undefined) {
  const rows = await tx
    .selectFrom('stores')
    .select(['id', 'customer_id', 'status', 'name', 'platform', 'plan', 'wished_domain', 'start_json', 'request_key'])
    .where((eb) => eb.or([eb('request_key', '=', requestKey), eb('name', '=', store.name)]))
    .execute();
  const ours = rows.filter((row) => row.customer_id === customerId && row.status !== 'deleting');
  const sameForm = rows.find((row) => row.request_key === requestKey);
  if (sameForm !== undefined && !ours.includes(sameForm)) {
    throw new AppError('request_refused', 'This form has made a store already, for somebody else or one that is gone.');
  }
  return sameForm ?? ours[0]; // A name that somebody else has is told by the unique key.
}

/** Everything that was typed or chosen besides who it is. */
function isSameWish(
  known: {
    readonly name: string;
    readonly platform: string;
    readonly plan: string;
    readonly wished_domain: string | null;
    readonly start_json: string | null;
  },
  { name, platform, plan, wishedDomain, start }: NewSignUp['store'],
): boolean {
  return (
    known.name === name &&
    known.platform === platform &&
    known.plan === plan &&
    known.wished_domain === wishedDomain &&
    known.start_json === startColumn(start)
  );
}

async function insertNew(tx: Tx, signUp: NewSignUp, known: string | undefined, pools: Pools): Promise<SignUpResult> {
  const { email, store, session, requestKey, now } = signUp;
  if (known !== undefined) await refuseAnother(tx, known);
  const customerId = known ?? (await insertSelfMadeCustomer(tx, signUp));
  const origin = { actor: customerId, address: session.address, requestId: session.requestId };
  const { storeId, runId } = await insertStore(tx, { ...store, customerId, ...origin, now }, pools, requestKey);
  if (known === undefined) {
    const details = signUp.agreedTo === null ? {} : { agreedTo: signUp.agreedTo };
    await appendAudit(tx, { ...origin, action: 'account.signed_up', target: customerId, details, at: now });
  }
  await insertSession(tx, customerId, session);
  if (signUp.mailFactsOf !== null && known === undefined) {
    const order: LinkMailOrders['verify-email'] = { customerId, email };
    const uniqueKey = `verify-email:${customerId}`;
    await insertMail(tx, { uniqueKey, storeId: null, recipient: email, kind: 'verify-email', payload: order, now });
  }
  if (signUp.mailFactsOf !== null) {
    await insertMail(tx, {
      uniqueKey: `signed-up:${storeId}`,
      storeId,
      recipient: email,
      kind: 'welcome',
      payload: signUp.mailFactsOf(storeId),
      now,
    });
  }
  return { kind: 'new', storeId, customerId, runId };
}

/** No store for an account that is to go. One store is had with an address that anybody may have typed; more are for those who have confirmed theirs. */
export async function refuseAnother(tx: Tx, customerId: string): Promise<void> {
  const account = await tx
    .selectFrom('customers')
    .select('deletion_at')
    .where('id', '=', customerId)
    .executeTakeFirst();
  if (account !== undefined && account.deletion_at !== null)
    throw new AppError('not_allowed_now', `The account ${customerId} is to go.`);
  const store = await tx
    .selectFrom('stores')
    .select('id')
    .where('customer_id', '=', customerId)
    .limit(1)
    .executeTakeFirst();
  if (store !== undefined) await requireVerified(tx, customerId);
}
