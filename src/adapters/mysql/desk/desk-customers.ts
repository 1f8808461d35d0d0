import type { CustomerQuery, DeskCustomerRow } from '../../../domain/desk-lists.ts';
import { hasSecondFactor } from '../has-second-factor.ts';
import type { Database } from '../open-database.ts';
import type { Queries } from '../transactions.ts';
import { beginsWith } from './begins-with.ts';
import { olderThan } from './older-than.ts';

/** Customers as the desk lists them: a page at a time, each question answered by a key. */
export function createDeskCustomers(db: Database) {
  return {
    /** The rows of one page, and how many there are in all. */
    async page(query: CustomerQuery): Promise<{ rows: DeskCustomerRow[]; total: number }> {
      const [rows, total] = await Promise.all([rowsOf(db.kysely, query), totalOf(db.kysely, query)]);
      return { rows, total };
    },
  };
}

async function rowsOf(queries: Queries, query: CustomerQuery): Promise<DeskCustomerRow[]> {
  const [column, direction] = SORTS[query.sort];
  const page = matching(queries, query)
    .select('customers.id as page_id')
    .orderBy(column, direction)
    .orderBy('customers.id', direction)
    .limit(query.limit)
    .offset(query.offset);
  const rows = await queries
    .selectFrom(page.as('page'))
    .innerJoin('customers', 'customers.id', 'page.page_id')
    .select(['customers.id', 'email', 'role', 'created_at', 'claimed_email', 'locked_at', 'lock_reason'])
    .select(hasSecondFactor)
    .select((eb) => [
      eb
        .selectFrom('stores')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('stores.customer_id', '=', 'customers.id')
        .as('stores'),
      eb
        .selectFrom('sessions')
        .select((inner) => inner.fn.max('seen_at').as('seen_at'))
        .whereRef('sessions.customer_id', '=', 'customers.id')
        .as('seen_at'),
    ])
    .orderBy(column, direction)
    .orderBy('customers.id', direction)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    role: row.role,
    stores: Number(row.stores),
    isVerified: row.claimed_email !== null,
    hasSecondFactor: Boolean(row.has_second_factor),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    lockedAt: row.locked_at,
    lockReason: row.lock_reason,
  }));
}

async function totalOf(queries: Queries, query: CustomerQuery): Promise<number> {
  const { count } = await matching(queries, query)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const SORTS = {
  newest: ['customers.created_at', 'desc'],
  oldest: ['customers.created_at', 'asc'],
  email: ['customers.email', 'asc'],
  'email-down': ['customers.email', 'desc'],
} as const satisfies Record<CustomerQuery['sort'], readonly [string, 'asc' | 'desc']>;

function matching(queries: Queries, { search, role, before }: CustomerQuery) {
  let query = queries.selectFrom('customers');
  if (before !== undefined) query = query.where(olderThan('customers', before));
  if (role !== undefined) query = query.where('customers.role', '=', role);
  if (search === undefined) return query;
  const column = search.startsWith('cus_') ? 'customers.id' : 'customers.email';
  return query.where(column, 'like', beginsWith(search));
}
