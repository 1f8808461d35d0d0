import { type ShopStart, shopStartIn } from '../../domain/shop-settings.ts';
import type { ScheduledDeletion, Store, Suspension } from '../../domain/store.ts';
import { readStoreError, readTexts, writeJson } from './json-columns.ts';
import type { Queries } from './transactions.ts';

/** Every store with what belongs to it: owner's address, host, port, subnet, UID. */
export function selectStores(queries: Queries) {
  return queries
    .selectFrom('stores')
    .innerJoin('customers', 'customers.id', 'stores.customer_id')
    .innerJoin('domains', (join) =>
      join.onRef('domains.store_id', '=', 'stores.id').on('domains.kind', '=', 'platform'),
    )
    .innerJoin('ports', 'ports.store_id', 'stores.id')
    .innerJoin('subnets', 'subnets.store_id', 'stores.id')
    .innerJoin('uids', 'uids.store_id', 'stores.id')
    .leftJoin('suspensions', 'suspensions.store_id', 'stores.id')
    .leftJoin('store_settings', 'store_settings.store_id', 'stores.id')
    .leftJoin('store_deletions', 'store_deletions.store_id', 'stores.id')
    .select([
      'stores.id',
      'stores.customer_id',
      'customers.email',
      'stores.name',
      'stores.title',
      'stores.start_json',
      'stores.platform',
      'stores.status',
      'stores.health',
      'stores.health_detail',
      'stores.plan',
      'stores.admin_path',
      'domains.hostname',
      'stores.primary_domain',
      'stores.wished_domain',
      'ports.port',
      'uids.uid',
      'subnets.subnet',
      'stores.images_json',
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

export type StoreRow = Awaited<ReturnType<ReturnType<typeof selectStores>['executeTakeFirstOrThrow']>>;

export function toStore(row: StoreRow): Store {
  return {
    id: row.id,
    customerId: row.customer_id,
    customerEmail: row.email,
    name: row.name,
    title: row.title,
    start: row.start_json === null ? {} : shopStartIn(readTexts(row.start_json)),
    platform: row.platform,
    status: row.status,
    health: row.health,
    healthDetail: row.health_detail,
    plan: row.plan,
    adminPath: row.admin_path,
    domain: row.hostname,
    primaryDomain: row.primary_domain,
    wishedDomain: row.wished_domain,
    port: row.port,
    uid: row.uid,
    network: { subnet: row.subnet },
    images: readTexts(row.images_json),
    versions: readTexts(row.versions_json),
    error: readStoreError(row.error_json),
    inMaintenance: row.maintenance === 'on',
    suspension: suspensionOf(row),
    deletion: deletionOf(row),
    createdAt: row.created_at,
    activeAt: row.active_at,
  };
}

/** Equal texts are equal wishes: its names are always in one order. */
export const startColumn = (start: ShopStart): string | null =>
  Object.keys(start).length === 0 ? null : writeJson(shopStartIn(start));

function suspensionOf(row: StoreRow): Suspension | null {
  const { suspended_by, reason, customer_text, suspended_at } = row;
  if (suspended_by === null || reason === null || suspended_at === null) return null;
  return { by: suspended_by, reason, text: customer_text, at: suspended_at };
}

function deletionOf({ previous_status, requested_at, due_at }: StoreRow): ScheduledDeletion | null {
  if (previous_status === null || requested_at === null || due_at === null) return null;
  return { previousStatus: previous_status, at: requested_at, dueAt: due_at };
}
