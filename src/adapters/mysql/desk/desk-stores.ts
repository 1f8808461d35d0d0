import type { DeskStoreRow, StoreQuery } from '../../../domain/desk-lists.ts';
import type { Database } from '../open-database.ts';
import type { Queries } from '../transactions.ts';
import { beginsWith } from './begins-with.ts';
import { olderThan } from './older-than.ts';

const MAX_PORT = 65_535;

/** Stores as the desk lists them: a page at a time, each question answered by a key. */
export function createDeskStores(db: Database) {
  return {
    /** The rows of one page, and how many there are in all. */
    async page(query: StoreQuery): Promise<{ rows: DeskStoreRow[]; total: number }> {
      const [rows, total] = await Promise.all([rowsOf(db.kysely, query), totalOf(db.kysely, query)]);
      return { rows, total };
    },

    /** What the plans of all stores promise together. */
    async promisedMemoryMb(): Promise<number> {
      const { sum } = await db.kysely
        .selectFrom('stores')
        .innerJoin('plans', 'plans.name', 'stores.plan')
        .select(({ fn }) => fn.sum<number | string | null>('memory_mb').as('sum'))
        .executeTakeFirstOrThrow();
      return Number(sum ?? 0);
    },
  };
}

/** Only keys are sorted and skipped; what is shown is read for the page's own rows. */
async function rowsOf(queries: Queries, query: StoreQuery): Promise<DeskStoreRow[]> {
  const [column, direction] = SORTS[query.sort];
  const page = matching(queries, query)
    .select('stores.id as page_id')
    .orderBy(column, direction)
    .orderBy('stores.id', direction)
    .limit(query.limit)
    .offset(query.offset);
  const rows = await queries
    .selectFrom(page.as('page'))
    .innerJoin('stores', 'stores.id', 'page.page_id')
    .innerJoin('customers', 'customers.id', 'stores.customer_id')
    .leftJoin('domains', (join) => join.onRef('domains.store_id', '=', 'stores.id').on('domains.kind', '=', 'platform'))
    .leftJoin('ports', 'ports.store_id', 'stores.id')
    .select(['stores.id', 'stores.name', 'stores.platform', 'stores.plan', 'stores.status', 'stores.health'])
    .select(['stores.created_at', 'stores.customer_id', 'customers.email', 'domains.hostname', 'ports.port'])
    .orderBy(column, direction)
    .orderBy('stores.id', direction)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    platform: row.platform,
    plan: row.plan,
    status: row.status,
    health: row.health,
    domain: row.hostname,
    port: row.port,
    customerId: row.customer_id,
    email: row.email,
    createdAt: row.created_at,
  }));
}

async function totalOf(queries: Queries, query: StoreQuery): Promise<number> {
  const { count } = await matching(queries, query)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const SORTS = {
  newest: ['stores.created_at', 'desc'],
  oldest: ['stores.created_at', 'asc'],
  name: ['stores.name', 'asc'],
  'name-down': ['stores.name', 'desc'],
} as const satisfies Record<StoreQuery['sort'], readonly [string, 'asc' | 'desc']>;

function matching(queries: Queries, { search, status, platform, plan, customerId, before }: StoreQuery) {
  let query = queries.selectFrom('stores');
  if (before !== undefined) query = query.where(olderThan('stores', before));
  if (status !== undefined) query = query.where('stores.status', '=', status);
  if (platform !== undefined) query = query.where('stores.platform', '=', platform);
  if (plan !== undefined) query = query.where('stores.plan', '=', plan);
  if (customerId !== undefined) query = query.where('stores.customer_id', '=', customerId);
  // A derived table is made once; `IN (… UNION …)` would be asked again for every store.
  return search === undefined
    ? query
    : query.where('stores.id', 'in', queries.selectFrom(hits(queries, search).as('hit')).select('hit.id'));
}

/** The ids of stores whose id, name, domain, port or owner's address begins with the text, each by its own key. */
function hits(queries: Queries, search: string) {
  const pattern = beginsWith(search);
  const port = /^\d{1,5}$/.test(search) && Number(search) <= MAX_PORT ? Number(search) : -1;
  return queries
    .selectFrom('stores')
    .select('stores.id as id')
    .where('stores.name', 'like', pattern)
    .union(queries.selectFrom('stores').select('stores.id as id').where('stores.id', 'like', pattern))
    .union(queries.selectFrom('domains').select('store_id as id').where('hostname', 'like', pattern))
    .union(queries.selectFrom('domains').select('store_id as id').where('hostname', 'like', `www.${pattern}`))
    .union(queries.selectFrom('ports').select('store_id as id').where('port', '=', port))
    .union(
      queries
        .selectFrom('customers')
        .innerJoin('stores', 'stores.customer_id', 'customers.id')
        .select('stores.id as id')
        .where('customers.email', 'like', pattern),
    );
}
