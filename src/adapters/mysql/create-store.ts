import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { NewStore } from '../../domain/new-store.ts';
import { originIn } from '../../domain/origin.ts';
import { assertStoresFit } from '../../domain/plan-change.ts';
import type { Store } from '../../domain/store.ts';
import { newId } from '../../lib/new-id.ts';
import { choosePort, chooseSubnet, chooseUid, lockPools, type Pools } from './allocate.ts';
import { appendAudit } from './audit.ts';
import { duplicateKeyOf, missingReferenceOf } from './database-errors.ts';
import type { Database } from './open-database.ts';
import { lockPlansOf, plansOfCustomer } from './plans.ts';
import { claimMember } from './pool-members.ts';
import { insertRun } from './run-rows.ts';
import { selectStores, startColumn, toStore } from './store-rows.ts';
import { inTransaction, type Tx } from './transactions.ts';

/** See `StoreRepository.create`. */
export async function createStore(
  db: Database,
  newStore: NewStore,
  pools: Pools,
): Promise<{ store: Store; runId: string }> {
  return inTransaction(db, async (tx) => {
    await lockPools(tx);
    const { storeId, runId } = await insertStore(tx, newStore, pools);
    const row = await selectStores(tx).where('stores.id', '=', storeId).executeTakeFirstOrThrow();
    return { store: toStore(row), runId };
  });
}

/**
 * Everything a new store consists of, as part of a transaction that has called `lockPools` before anything else and ends
 * with whatever this throws: see `StoreRepository.create`.
 */
export async function insertStore(
  tx: Tx,
  newStore: NewStore,
  pools: Pools,
  requestKey: string | null = null,
): Promise<{ storeId: string; runId: string }> {
  try {
    return await insertRows(tx, newStore, pools, requestKey);
  } catch (thrown) {
    throw explain(thrown, newStore);
  }
}

async function insertRows(
  tx: Tx,
  newStore: NewStore,
  pools: Pools,
  requestKey: string | null,
): Promise<{ storeId: string; runId: string }> {
  const { name, domain, platform, plan, customerId, now } = newStore;
  const origin = originIn(newStore);
  await assertMayHaveOneMore(tx, newStore);
  // A shop that is made already, whose containers and folders are named by this id.
  const member = await claimMember(tx, { platform, plan });
  const storeId = member?.id ?? newId('sto');
  await tx
    .insertInto('stores')
    .values({
      id: storeId,
      customer_id: customerId,
      name,
      title: newStore.title,
      start_json: startColumn(newStore.start),
      platform,
      plan,
      admin_path: newStore.adminPath,
      status: 'pending',
      wished_domain: newStore.wishedDomain,
      images_json: '{}',
      versions_json: '{}',
      created_at: now,
      request_key: requestKey,
    })
    .execute();
  // Its kind says itself: the web process may name none.
  await tx.insertInto('domains').values({ hostname: domain, store_id: storeId, created_at: now }).execute();
  const port = member?.port ?? (await choosePort(tx, pools, { ...origin, now }));
  const subnet = member?.subnet ?? (await chooseSubnet(tx, pools));
  const uid = member?.uid ?? (await chooseUid(tx, pools));
  await tx.insertInto('ports').values({ port, store_id: storeId }).execute();
  await tx.insertInto('subnets').values({ subnet, store_id: storeId }).execute();
  await tx.insertInto('uids').values({ uid, store_id: storeId }).execute();
  const runId = await insertRun(tx, { storeId, kind: 'provision', now });
  const details = { name, domain, platform, plan, customerId, port, subnet, uid };
  await appendAudit(tx, { ...origin, action: 'store.created', target: storeId, storeId, details, at: now });
  return { storeId, runId };
}

/** Nobody gets in between the look and the row. Throws `too_many_stores`. */
async function assertMayHaveOneMore(tx: Tx, { customerId, plan }: NewStore): Promise<void> {
  await lockPlansOf(tx, customerId);
  const wished = await tx.selectFrom('plans').select('max_stores').where('name', '=', plan).executeTakeFirst();
  const plans = await plansOfCustomer(tx, customerId);
  // A plan that is none is told by the row itself.
  if (wished !== undefined) assertStoresFit(plans.length + 1, [...plans, { maxStores: wished.max_stores }]);
}

function explain(thrown: unknown, { name, domain, customerId, plan }: NewStore): unknown {
  const taken = duplicateKeyOf(thrown);
  if (taken === 'stores_name_unique') return nameTaken(`A store named ${name} exists already.`, thrown);
  if (taken !== undefined) return nameTaken(`The domain ${domain} belongs to another store.`, thrown);
  const missing = missingReferenceOf(thrown);
  if (missing === 'stores_customer_fk') return new NotFoundError('customer', customerId);
  if (missing === 'stores_plan_fk') return new AppError('not_found', `There is no plan ${plan}.`, { cause: thrown });
  return thrown;
}

function nameTaken(message: string, cause: unknown): AppError {
  return new AppError('name_taken', message, { cause, hint: 'Choose another name.' });
}
