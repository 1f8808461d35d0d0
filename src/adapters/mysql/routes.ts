import { AppError } from '../../domain/errors.ts';
import { type PageLifetime, pageCacheOf } from '../../domain/page-cache.ts';
import type { Lease } from '../../domain/run.ts';
import type { Database } from './open-database.ts';
import type { RouteState } from './routes-table.ts';
import { type Tx, withFence } from './transactions.ts';

export type RouteRepository = ReturnType<typeof createRouteRepository>;

/** Which host leads where; the edge's maps are made from these rows and from nothing else. */
export interface RouteRecord {
  readonly hostname: string;
  readonly storeId: string;
  readonly port: number;
  readonly state: RouteState;
}

/** A route as it is kept, with what its store's owner chose for those who come by it. */
export interface KeptRoute extends RouteRecord {
  readonly redirectTo: string | null;
  /** The largest upload that its owner chose, in megabytes; null while that is nothing of theirs. */
  readonly uploadMb: number | null;
  /** How long its pages may be shown without asking the shop; null: none are kept. */
  readonly pageLifetime: PageLifetime | null;
}

async function write(tx: Tx, { hostname, storeId, port, state }: RouteRecord): Promise<void> {
  const known = await tx
    .selectFrom('routes')
    .select('store_id')
    .where('hostname', '=', hostname)
    .forUpdate()
    .executeTakeFirst();
  if (known !== undefined && known.store_id !== storeId) {
    throw new AppError('name_taken', `${hostname} leads to another store already.`);
  }
  await tx
    .insertInto('routes')
    .values({ hostname, store_id: storeId, port, state })
    .onDuplicateKeyUpdate({ port, state })
    .execute();
}

export function createRouteRepository(db: Database) {
  return {
    /** Makes or replaces the host's route. Throws `name_taken` when the host leads to another store. */
    put: (lease: Lease, route: RouteRecord): Promise<void> => withFence(db, lease, (tx) => write(tx, route)),

    /** As `put`, but a route that leads to the live shop stays as it is: an announcement never closes an open door. */
    announce: (lease: Lease, route: RouteRecord): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const live = await tx
          .selectFrom('routes')
          .select('state')
          .where('hostname', '=', route.hostname)
          .where('state', '=', 'live')
          .executeTakeFirst();
        if (live === undefined) await write(tx, route);
      }),

    /** Every route of the lease's store, or only that host's. */
    setState: (lease: Lease, state: RouteState, hostname?: string): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const query = tx.updateTable('routes').set({ state }).where('store_id', '=', lease.storeId);
        await (hostname === undefined ? query : query.where('hostname', '=', hostname)).execute();
      }),

    /** Every route of the lease's store. */
    remove: (lease: Lease): Promise<void> =>
      withFence(db, lease, async (tx) => {
        await tx.deleteFrom('routes').where('store_id', '=', lease.storeId).execute();
      }),

    async find(hostname: string): Promise<RouteRecord | undefined> {
      const row = await db.kysely
        .selectFrom('routes')
        .select(['store_id', 'port', 'state'])
        .where('hostname', '=', hostname)
        .executeTakeFirst();
      return row && { hostname, storeId: row.store_id, port: row.port, state: row.state };
    },

    /** By host name. */
    async list(): Promise<KeptRoute[]> {
      const rows = await db.kysely
        .selectFrom('routes')
        .innerJoin('stores', 'stores.id', 'routes.store_id')
        .leftJoin('store_php_limits', 'store_php_limits.store_id', 'routes.store_id')
        .selectAll('routes')
        .select(['store_php_limits.upload_mb', 'stores.platform', 'stores.page_cache'])
        .orderBy('hostname')
        .execute();
      return rows.map((row) => {
        const pageCache = pageCacheOf(row.platform, row.page_cache);
        return {
          hostname: row.hostname,
          storeId: row.store_id,
          port: row.port,
          state: row.state,
          redirectTo: row.redirect_to,
          uploadMb: row.upload_mb,
          pageLifetime: pageCache === 'off' ? null : pageCache,
        };
      });
    },
  };
}
