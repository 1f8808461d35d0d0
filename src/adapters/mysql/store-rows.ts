import { type ShopStart, shopStartIn } from '../../domain/shop-settings.ts';
import type { ScheduledDeletion, ShownStore, Store, Suspension } from '../../domain/store.ts';
import { readStoreError, readTexts, writeJson } from './json-columns.ts';
import type { Queries } from './transactions.ts';

/** Every store with what is shown of it: host, port, and why it is closed or leaving. */
export function selectShownStores(queries: Queries) {
  return queries
    .selectFrom('stores')
    .innerJoin('domains', (join) =>
      join.onRef('domains.store_id', '=', 'stores.id').on('domains.kind', '=', 'platform'),
    )
    .innerJoin('ports', 'ports.store_id', 'stores.id')
    .leftJoin('suspensions', 'suspensions.store_id', 'stores.id')
    .leftJoin('store_settings', 'store_settings.store_id', 'stores.id')
    .leftJoin('store_deletions', 'store_deletions.store_id', 'stores.id')
    .select([
      'stores.id',
      'stores.customer_id',
      'stores.name',
      'stores.title',
      'stores.platform',
      'stores.status',
      'stores.health',
      'stores.plan',
      'stores.admin_path',
      'domains.hostname',
      'stores.primary_domain',
      'ports.port',
      'stores.versions_json',
      'stores.error_json',
      'stores.created_at',
      'stores.active_at',
      'store_settings.maintenance',
      'suspensions.suspended_by',
      'suspensions.reason',
      'suspensions.customer_text',
      'suspensions.suspended_at',
      'store_deletions.previous_status',
      'store_deletions.requested_at',
      'store_deletions.due_at',
    ]);
}

/** The same with all else that belongs to it: owner's address, subnet, UID. */
export function selectStores(queries: Queries) {
  return selectShownStores(queries)
    .innerJoin('customers', 'customers.id', 'stores.customer_id')
    .innerJoin('subnets', 'subnets.store_id', 'stores.id')
    .innerJoin('uids', 'uids.store_id', 'stores.id')
    .select(['customers.email', 'stores.start_json', 'stores.health_detail', 'stores.wished_domain'])
    .select(['uids.uid', 'subnets.subnet', 'stores.images_json']);
}

export type ShownStoreRow = Awaited<ReturnType<ReturnType<typeof selectShownStores>['executeTakeFirstOrThrow']>>;
export type StoreRow = Awaited<ReturnType<ReturnType<typeof selectStores>['executeTakeFirstOrThrow']>>;

export function toShownStore(row: ShownStoreRow): ShownStore {
  return {
    id: row.id,
    customerId: row.customer_id,
    name: row.name,
    title: row.title,
    platform: row.platform,
    status: row.status,
    health: row.health,
    plan: row.plan,
    adminPath: row.admin_path,
    domain: row.hostname,
    primaryDomain: row.primary_domain,
    port: row.port,
    versions: readTexts(row.versions_json),
    error: readStoreError(row.error_json),
    inMaintenance: row.maintenance === 'on',
    suspension: suspensionOf(row),
    deletion: deletionOf(row),
    createdAt: row.created_at,
    activeAt: row.active_at,
  };
}

export function toStore(row: StoreRow): Store {
  return {
    ...toShownStore(row),
    customerEmail: row.email,
    start: row.start_json === null ? {} : shopStartIn(readTexts(row.start_json)),
    healthDetail: row.health_detail,
    wishedDomain: row.wished_domain,
    uid: row.uid,
    network: { subnet: row.subnet },
    images: readTexts(row.images_json),
  };
}

/** Equal texts are equal wishes: its names are always in one order. */
export const startColumn = (start: ShopStart): string | null =>
  Object.keys(start).length === 0 ? null : writeJson(shopStartIn(start));

function suspensionOf(row: ShownStoreRow): Suspension | null {
  const { suspended_by, reason, customer_text, suspended_at } = row;
  if (suspended_by === null || reason === null || suspended_at === null) return null;
  return { by: suspended_by, reason, text: customer_text, at: suspended_at };
}

function deletionOf({ previous_status, requested_at, due_at }: ShownStoreRow): ScheduledDeletion | null {
  if (previous_status === null || requested_at === null || due_at === null) return null;
  return { previousStatus: previous_status, at: requested_at, dueAt: due_at };
}
