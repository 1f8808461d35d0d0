import { type Customer, type CustomerFacts, type CustomerRole, normaliseEmail } from '../../domain/customer.ts';
import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { newId } from '../../lib/new-id.ts';
import { appendAudit } from './audit.ts';
import { duplicateKeyOf } from './database-errors.ts';
import { hasSecondFactor } from './has-second-factor.ts';
import type { Database } from './open-database.ts';
import { inTransaction, type Queries, type Tx } from './transactions.ts';

export type CustomerRepository = ReturnType<typeof createCustomerRepository>;

export interface NewCustomer {
  readonly email: string;
  readonly role: CustomerRole;
  readonly passwordHash?: string;
  readonly now?: Date;
  /** Who makes it; the ledger then says so. */
  readonly origin?: Origin;
}

/** An account that somebody made alone: its address is nobody's yet, so it may stand in other accounts as well. */
export interface NewSelfMadeCustomer {
  readonly email: string;
  readonly passwordHash: string;
  readonly now: Date;
}

/** A customer with what signing in needs; never leaves the accounts feature. */
export interface CustomerForLogin extends Customer {
  readonly passwordHash: string | null;
  /** Does the account hold its address for good? */
  readonly isClaimed: boolean;
  /** Does the account ask for more than its password? */
  readonly hasSecondFactor: boolean;
}

/** An account as it was when somebody's password was tried. */
export type CheckedAccount = Pick<CustomerForLogin, 'id' | 'passwordHash' | 'hasSecondFactor'>;

const COLUMNS = ['id', 'email', 'role', 'created_at'] as const;

/**
 * Accounts. E-mails are looked up and stored in one spelling. Several accounts may carry one address, but at most one
 * holds it for good: see docs/decisions/017.
 */
export function createCustomerRepository(db: Database) {
  /** The account that holds the address, else the oldest that carries it. */
  async function findByEmail(email: string): Promise<CustomerFacts | undefined> {
    const row = await selectByEmail(db.kysely, email).executeTakeFirst();
    return row && toFacts(row);
  }

  async function findHolder(email: string): Promise<Customer | undefined> {
    const row = await selectForLogin(db.kysely).where('claimed_email', '=', normaliseEmail(email)).executeTakeFirst();
    return row && toCustomer(row);
  }

  /** The account holds its address for good. Throws `name_taken` when another one does already. */
  async function create({ email, role, passwordHash, now, origin }: NewCustomer): Promise<CustomerFacts> {
    const customer: CustomerFacts = {
      id: newId('cus'),
      email: normaliseEmail(email),
      role,
      createdAt: now ?? new Date(),
      isVerified: true,
      hasSecondFactor: false,
    };
    try {
      await inTransaction(db, async (tx) => {
        await tx
          .insertInto('customers')
          .values({
            id: customer.id,
            email: customer.email,
            claimed_email: customer.email,
            role,
            password_hash: passwordHash ?? null,
            created_at: customer.createdAt,
          })
          .execute();
        if (origin === undefined) return;
        const line = { target: customer.id, details: {}, at: customer.createdAt };
        if (role === 'operator') await appendAudit(tx, { ...origin, ...line, action: 'admin.created' });
        else await appendAudit(tx, { ...origin, ...line, action: 'account.created' });
      });
      return customer;
    } catch (thrown) {
      if (duplicateKeyOf(thrown) === undefined) throw thrown;
      throw new AppError('name_taken', `${customer.email} has an account already.`, { cause: thrown });
    }
  }

  return {
    create,
    findByEmail,

    /**
     * The account that holds the address; made as an ordinary customer without a password when there is none yet. Never
     * one that somebody made with an address nobody has proven: it may be a stranger's.
     */
    async getOrCreate({ email, now, origin }: { email: string; now: Date; origin?: Origin }): Promise<Customer> {
      const known = await findHolder(email);
      if (known !== undefined) return known;
      try {
        return await create({ email, role: 'customer', now, ...(origin === undefined ? {} : { origin }) });
      } catch (thrown) {
        const madeMeanwhile = await findHolder(email);
        if (madeMeanwhile === undefined) throw thrown;
        return madeMeanwhile;
      }
    },

    async find(id: string): Promise<CustomerFacts | undefined> {
      const row = await selectFacts(db.kysely).where('id', '=', id).executeTakeFirst();
      return row && toFacts(row);
    },

    /** Every account that carries the address, with its password's hash: the one that holds it first, then the oldest. */
    async listForLogin(email: string): Promise<CustomerForLogin[]> {
      return (await selectByEmail(db.kysely, email).execute()).map(toCustomerForLogin);
    },

    /** With the password's hash, for signing in only. */
    async findForLogin(id: string): Promise<CustomerForLogin | undefined> {
      const row = await selectForLogin(db.kysely).where('id', '=', id).executeTakeFirst();
      return row && toCustomerForLogin(row);
    },

    /** For what only a confirmed address allows. Throws `email_unverified`, `not_found`. */
    requireVerified: (id: string): Promise<void> => requireVerified(db.kysely, id),

    /** Oldest first. */
    async list(): Promise<CustomerFacts[]> {
      return (await selectFacts(db.kysely).orderBy('created_at').orderBy('id').execute()).map(toFacts);
    },

    /** The same password, kept by another hash. Nothing happens where the account has another one than `was` by now. */
    async renewPasswordHash(id: string, { was, is }: { readonly was: string; readonly is: string }): Promise<void> {
      await db.kysely
        .updateTable('customers')
        .set({ password_hash: is })
        .where('id', '=', id)
        .where('password_hash', '=', was)
        .execute();
    },

    /** Throws `not_found` when there is no such customer. */
    setPasswordHash: (id: string, passwordHash: string): Promise<void> => setPasswordHash(db.kysely, id, passwordHash),
  };
}

/** As part of what only a confirmed address allows: a domain of one's own, a second store. Throws `email_unverified`, `not_found`. */
export async function requireVerified(queries: Queries, id: string): Promise<void> {
  const row = await queries.selectFrom('customers').select('claimed_email').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new NotFoundError('customer', id);
  if (row.claimed_email === null)
    throw new AppError('email_unverified', `Nobody has confirmed the address of ${id} yet.`);
}

/** As part of whatever else changes. Throws `not_found` when there is no such customer. */
export async function setPasswordHash(queries: Queries, id: string, passwordHash: string): Promise<void> {
  const { numUpdatedRows } = await queries
    .updateTable('customers')
    .set({ password_hash: passwordHash })
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new NotFoundError('customer', id);
}

/**
 * Is the account still as it was checked? Whoever changes what it signs in with waits until the transaction ends, so a
 * session that begins in it is there before everybody is signed out, or not at all. Must be the transaction's first look
 * at anything that is not locked: a later one would not see what was changed while it waited for the lock. Throws
 * `account_locked` where an operator lets nobody in: only whoever has shown what opens the account gets to hear it.
 */
export async function lockAsChecked(
  tx: Tx,
  { id, passwordHash, hasSecondFactor: had }: CheckedAccount,
): Promise<boolean> {
  const account = await tx
    .selectFrom('customers')
    .select(['password_hash', 'locked_at'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (account === undefined || account.password_hash !== passwordHash) return false;
  if (account.locked_at !== null) throw new AppError('account_locked', `An operator has locked the account ${id}.`);
  const row = await tx.selectFrom('customers').select(hasSecondFactor).where('id', '=', id).executeTakeFirst();
  return row !== undefined && Boolean(row.has_second_factor) === had;
}

/** What a try by the password comes to when `lockAsChecked` says no. */
export const changedMeanwhile = ({ id }: CheckedAccount): AppError =>
  new AppError('wrong_credentials', `What ${id} signs in with has changed since it was checked.`);

function selectFacts(queries: Queries) {
  return queries
    .selectFrom('customers')
    .select([...COLUMNS, 'claimed_email'])
    .select(hasSecondFactor);
}

const selectForLogin = (queries: Queries) => selectFacts(queries).select('password_hash');

function selectByEmail(queries: Queries, email: string) {
  return selectForLogin(queries)
    .where('email', '=', normaliseEmail(email))
    .orderBy('claimed_email', 'desc') // MySQL and MariaDB take null for the smallest.
    .orderBy('created_at')
    .orderBy('id');
}

/** Part of signing up. The caller has seen that no account of the address has this password. */
export async function insertSelfMadeCustomer(
  queries: Queries,
  { email, passwordHash, now }: NewSelfMadeCustomer,
): Promise<string> {
  const id = newId('cus');
  await queries
    .insertInto('customers')
    .values({
      id,
      email: normaliseEmail(email),
      claimed_email: null,
      role: 'customer',
      password_hash: passwordHash,
      created_at: now,
    })
    .execute();
  return id;
}

type CustomerRow = Parameters<typeof toCustomer>[0];
type FactsRow = CustomerRow & { claimed_email: string | null; has_second_factor: unknown };

function toFacts(row: FactsRow): CustomerFacts {
  return {
    ...toCustomer(row),
    isVerified: row.claimed_email !== null,
    hasSecondFactor: Boolean(row.has_second_factor),
  };
}

function toCustomerForLogin(row: FactsRow & { password_hash: string | null }): CustomerForLogin {
  const { isVerified: isClaimed, ...facts } = toFacts(row);
  return { ...facts, passwordHash: row.password_hash, isClaimed };
}

function toCustomer(row: { id: string; email: string; role: CustomerRole; created_at: Date }): Customer {
  return { id: row.id, email: row.email, role: row.role, createdAt: row.created_at };
}
