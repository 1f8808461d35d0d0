import {
  assertAlone,
  assertMayWish,
  CALLS_OFF,
  type ChangeWish,
  closedByOperator,
  REQUEST_ACTIONS,
  statusAfter,
} from '../../domain/changes.ts';
import { assertStoresFit } from '../../domain/plan-change.ts';
import type { RunInput } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { lockPlansOf, planNamed, plansOfCustomer } from './plans.ts';
import { callOff, lockStore, makeDue, type RunRequest, type UnfinishedRun, unfinishedOf } from './run-requests.ts';
import { insertRun } from './run-rows.ts';
import { selectStores, toStore } from './store-rows.ts';
import { inTransaction, type Tx } from './transactions.ts';

/** What somebody wishes to have done with a store that is made. */
export interface ChangeRequest extends RunRequest, ChangeWish {
  /** What is asked for besides; no secret. */
  readonly input?: RunInput;
}

/** See `StoreChangeRepository.request`. */
export function requestChange(db: Database, request: ChangeRequest): Promise<string> {
  return inTransaction(db, (tx) => wishFor(tx, request));
}

/** As `requestChange`, as part of something greater. */
export async function wishFor(tx: Tx, { storeId, kind, by, now, input, ...origin }: ChangeRequest): Promise<string> {
  if (kind === 'resize') await lockPlansOfOwner(tx, storeId);
  await lockStore(tx, storeId);
  const store = toStore(await selectStores(tx).where('stores.id', '=', storeId).executeTakeFirstOrThrow());
  const unfinished = await unfinishedOf(tx, storeId);
  const wished: RunInput = { ...input, by, actor: origin.actor };
  const same = unfinished.findLast((run) => run.kind === kind && isEqual(run.input, wished));
  if (same !== undefined) {
    // It waits already: asking again only makes it due, and leaves no line.
    await makeDue(tx, same.id);
    return same.id;
  }
  assertAlone(kind, unfinished);
  if (kind === 'resume' && by === 'owner' && unfinished.some(isOperatorsClosing)) throw closedByOperator();
  const status = statusAfter(
    store,
    unfinished.map((run) => run.kind),
  );
  assertMayWish({ ...store, status }, { kind, by });
  if (kind === 'resize') await assertStoresFitPlan(tx, store, input?.['plan']);
  const contradicted = unfinished.filter((run) => CALLS_OFF[kind].includes(run.kind));
  await callOff(tx, contradicted, { now, message: `Called off: a later wish was to ${kind} the store.` });
  const runId = await insertRun(tx, { storeId, kind, now, input: wished });
  const action = REQUEST_ACTIONS[kind];
  await appendAudit(tx, { ...origin, action, target: storeId, storeId, details: { runId, by, ...input }, at: now });
  return runId;
}

/** Whose a store is never changes. */
async function lockPlansOfOwner(tx: Tx, storeId: string): Promise<void> {
  const row = await tx.selectFrom('stores').select('customer_id').where('id', '=', storeId).executeTakeFirst();
  if (row !== undefined) await lockPlansOf(tx, row.customer_id);
}

/** A smaller plan must still hold the stores that its owner has. */
async function assertStoresFitPlan(tx: Tx, { id, customerId }: Store, plan: string | undefined): Promise<void> {
  const plans = await plansOfCustomer(tx, customerId, id);
  assertStoresFit(plans.length + 1, [...plans, await planNamed(tx, plan ?? '')]);
}

const isOperatorsClosing = ({ kind, input }: UnfinishedRun): boolean =>
  kind === 'suspend' && input['by'] === 'operator';

function isEqual(one: RunInput, other: RunInput): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => one[key] === other[key]);
}
