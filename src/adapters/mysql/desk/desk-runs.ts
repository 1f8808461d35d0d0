import type { DeskRunRow, RunQuery } from '../../../domain/desk-lists.ts';
import type { Database } from '../open-database.ts';
import { withSteps } from '../run-rows.ts';
import type { Queries } from '../transactions.ts';
import { beginsWith } from './begins-with.ts';
import { olderThan } from './older-than.ts';

/** Runs as the desk lists them: a page at a time, each question answered by a key. */
export function createDeskRuns(db: Database) {
  return {
    /** The rows of one page, newest first, and how many there are in all. */
    async page(query: RunQuery): Promise<{ rows: DeskRunRow[]; total: number }> {
      const [rows, total] = await Promise.all([rowsOf(db.kysely, query), totalOf(db.kysely, query)]);
      return { rows, total };
    },
  };
}

async function rowsOf(queries: Queries, query: RunQuery): Promise<DeskRunRow[]> {
  const direction = query.sort === 'oldest' ? 'asc' : 'desc';
  const page = matching(queries, query)
    .select('job.id as page_id')
    .orderBy('job.created_at', direction)
    .orderBy('job.id', direction)
    .limit(query.limit)
    .offset(query.offset);
  const rows = await queries
    .selectFrom(page.as('page'))
    .innerJoin('provisioning_jobs as job', 'job.id', 'page.page_id')
    .innerJoin('stores', 'stores.id', 'job.store_id')
    .selectAll('job')
    .select('stores.name as store_name')
    .orderBy('job.created_at', direction)
    .orderBy('job.id', direction)
    .execute();
  const runs = await withSteps(queries, rows);
  return runs.map((run, at) => ({ run, storeName: rows[at]?.store_name ?? '' }));
}

async function totalOf(queries: Queries, query: RunQuery): Promise<number> {
  const { count } = await matching(queries, query)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function matching(queries: Queries, { search, status, kind, storeId, before }: RunQuery) {
  let query = queries.selectFrom('provisioning_jobs as job');
  if (before !== undefined) query = query.where(olderThan('job', before));
  if (status !== undefined) query = query.where('job.status', '=', status);
  if (kind !== undefined) query = query.where('job.kind', '=', kind);
  if (storeId !== undefined) query = query.where('job.store_id', '=', storeId);
  if (search === undefined) return query;
  const pattern = beginsWith(search);
  if (search.startsWith('run_')) return query.where('job.id', 'like', pattern);
  const column = search.startsWith('sto_') ? 'stores.id' : 'stores.name';
  return query.where(
    'job.store_id',
    'in',
    queries.selectFrom('stores').select('stores.id').where(column, 'like', pattern),
  );
}
