import { type Customer, type CustomerRole, normaliseEmail } from '../../domain/customer.ts';
import { AppError, NotFoundError } from '../../domain/errors.ts';
import { newId } from '../../lib/new-id.ts';
import { duplicateKeyOf } from './database-errors.ts';
import type { Database } from './open-database.ts';

export type CustomerRepository = ReturnType<typeof createCustomerRepository>;

export interface NewCustomer {
  readonly email: string;
  readonly role: CustomerRole;
  readonly passwordHash?: string;
  readonly now?: Date;
}

/** A customer with what signing in needs; never leaves the accounts feature. */
export interface CustomerForLogin extends Customer {
  readonly passwordHash: string | null;
}

const COLUMNS = ['id', 'email', 'role', 'created_at'] as const;

/** Accounts. E-mails are looked up and stored in one spelling. */
export function createCustomerRepository(db: Database) {
  async function findByEmail(email: string): Promise<Customer | undefined> {
    const row = await db.kysely
      .selectFrom('customers')
      .select(COLUMNS)
      .where('email', '=', normaliseEmail(email))
      .executeTakeFirst();
    return row && toCustomer(row);
  }

  /** Throws `name_taken` when the address has an account already. */
  async function create({ email, role, passwordHash, now }: NewCustomer): Promise<Customer> {
    const customer: Customer = {
      id: newId('cus'),
      email: normaliseEmail(email),
      role,
      createdAt: now ?? new Date(),
    };
    try {
      await db.kysely
        .insertInto('customers')
        .values({
          id: customer.id,
          email: customer.email,
          role,
          password_hash: passwordHash ?? null,
          created_at: customer.createdAt,
        })
        .execute();
      return customer;
    } catch (thrown) {
      if (duplicateKeyOf(thrown) === undefined) throw thrown;
      throw new AppError('name_taken', `${customer.email} has an account already.`, { cause: thrown });
    }
  }

  return {
    create,
    findByEmail,

    /** The account of that address, made as an ordinary customer without a password when there is none yet. */
    async getOrCreate({ email, now }: { email: string; now: Date }): Promise<Customer> {
      const known = await findByEmail(email);
      if (known !== undefined) return known;
      try {
        return await create({ email, role: 'customer', now });
      } catch (thrown) {
        const madeMeanwhile = await findByEmail(email);
        if (madeMeanwhile === undefined) throw thrown;
        return madeMeanwhile;
      }
    },

    async find(id: string): Promise<Customer | undefined> {
      const row = await db.kysely.selectFrom('customers').select(COLUMNS).where('id', '=', id).executeTakeFirst();
      return row && toCustomer(row);
    },

    /** With the password's hash, for signing in only. */
    async findForLogin(email: string): Promise<CustomerForLogin | undefined> {
      const row = await db.kysely
        .selectFrom('customers')
        .select([...COLUMNS, 'password_hash'])
        .where('email', '=', normaliseEmail(email))
        .executeTakeFirst();
      return row && { ...toCustomer(row), passwordHash: row.password_hash };
    },

    /** Oldest first. */
    async list(): Promise<Customer[]> {
      const rows = await db.kysely
        .selectFrom('customers')
        .select(COLUMNS)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toCustomer);
    },

    /** Throws `not_found` when there is no such customer. */
    async setPasswordHash(id: string, passwordHash: string): Promise<void> {
      const { numUpdatedRows } = await db.kysely
        .updateTable('customers')
        .set({ password_hash: passwordHash })
        .where('id', '=', id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new NotFoundError('customer', id);
    },
  };
}

function toCustomer(row: { id: string; email: string; role: CustomerRole; created_at: Date }): Customer {
  return { id: row.id, email: row.email, role: row.role, createdAt: row.created_at };
}
