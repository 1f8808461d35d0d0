import type { AddressChangeStage } from '../../domain/address-change.ts';
import { REQUEST_ACTIONS } from '../../domain/changes.ts';
import { AppError, LeaseLostError, NotFoundError } from '../../domain/errors.ts';
import { originIn, SYSTEM } from '../../domain/origin.ts';
import type { Lease } from '../../domain/run.ts';
import { appendAudit } from './audit.ts';
import { redirect } from './domain-looks.ts';
import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { lockStore, type RunRequest, unfinishedOf } from './run-requests.ts';
import { insertRun } from './run-rows.ts';
import { inTransaction, type Tx, withFence } from './transactions.ts';

export type AddressChangeRepository = ReturnType<typeof createAddressChangeRepository>;

/** The host that a shop builds its addresses from, and its change. */
export function createAddressChangeRepository(db: Database) {
  return {
    /**
     * A run that moves the shop to another of its hosts: an own domain that is valid, or its name on the platform. The
     * one that is under way, when it leads there too. Throws `not_found` for a host that is not the store's,
     * `not_allowed_now` (the store is not open, the domain not valid, another change is under way, it is there already).
     */
    request: (wish: RunRequest & { readonly hostname: string; readonly by: 'owner' | 'operator' }): Promise<string> =>
      inTransaction(db, async (tx) => {
        const { storeId, hostname, now, by } = wish;
        const { status } = await lockStore(tx, storeId);
        const hosts = await tx
          .selectFrom('domains')
          .leftJoin('own_domains', (join) =>
            join
              .onRef('own_domains.hostname', '=', 'domains.hostname')
              .onRef('own_domains.store_id', '=', 'domains.store_id'),
          )
          .select(['domains.hostname', 'domains.kind', 'own_domains.state', 'own_domains.is_leaving'])
          .where('domains.store_id', '=', storeId)
          .execute();
        const target = hosts.find((host) => host.hostname === hostname);
        if (target === undefined) throw new NotFoundError('domain', hostname);
        if (status !== 'active')
          throw notNow(`A store that is ${status} cannot get another address.`, 'Open it first.');
        const underWay = (await unfinishedOf(tx, storeId)).find(({ kind }) => kind === 'change-address');
        if (underWay !== undefined) {
          if (underWay.input['to'] === hostname) return underWay.id;
          throw notNow('The address of the store is being changed already.', 'Wait until that is over.');
        }
        if (target.kind === 'custom' && (target.state !== 'valid' || target.is_leaving === 1))
          throw notNow(`${hostname} is not valid yet.`, `See what is missing: shopctl domain check ${hostname}`);
        const { primary_domain } = await tx
          .selectFrom('stores')
          .select('primary_domain')
          .where('id', '=', storeId)
          .executeTakeFirstOrThrow();
        const from = primary_domain ?? hosts.find(({ kind }) => kind === 'platform')?.hostname ?? '';
        if (from === hostname) throw notNow(`${hostname} is the primary domain already.`, 'Nothing is to be done.');
        const input = { from, to: hostname, by, actor: wish.actor };
        const runId = await insertRun(tx, { storeId, kind: 'change-address', now, input });
        await tx
          .updateTable('stores')
          .set({ address_change_json: writeJson({ runId, stage: 'forward' }) })
          .where('id', '=', storeId)
          .execute();
        await appendAudit(tx, {
          ...originIn(wish),
          action: REQUEST_ACTIONS['change-address'],
          target: hostname,
          storeId,
          details: { from, runId },
          at: now,
        });
        return runId;
      }),

    /** How far the lease's change is. `over` where nothing is under way any more, or another run is. */
    async stageOf({ storeId, runId }: Lease): Promise<AddressChangeStage> {
      const row = await db.kysely
        .selectFrom('stores')
        .select('address_change_json')
        .where('id', '=', storeId)
        .executeTakeFirst();
      return stageIn(row?.address_change_json ?? null, runId);
    },

    /** What is to be true after a crash too. Throws `LeaseLostError` where the change is over. */
    setStage: (lease: Lease, stage: Exclude<AddressChangeStage, 'over'>): Promise<void> =>
      withFence(db, lease, async (tx) => {
        if ((await lockedStage(tx, lease)) === 'over') throw new LeaseLostError(lease.storeId, lease.fence);
        await tx
          .updateTable('stores')
          .set({ address_change_json: writeJson({ runId: lease.runId, stage }) })
          .where('id', '=', lease.storeId)
          .execute();
      }),

    /** From now on this is the store's address, and its other hosts send their visitors there. */
    setPrimary: (lease: Lease, hostname: string): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const host = await tx
          .selectFrom('domains')
          .select('kind')
          .where('hostname', '=', hostname)
          .where('store_id', '=', lease.storeId)
          .executeTakeFirst();
        if (host === undefined) throw new NotFoundError('domain', hostname);
        const primary = host.kind === 'platform' ? null : hostname;
        await tx.updateTable('stores').set({ primary_domain: primary }).where('id', '=', lease.storeId).execute();
        await redirect(tx, lease.storeId, primary);
      }),

    /** Nothing is under way any more. The ledger's line is written once per run. */
    finish: (
      lease: Lease,
      { from, to, isDone }: { readonly from: string; readonly to: string; readonly isDone: boolean },
    ): Promise<void> =>
      withFence(db, lease, async (tx) => {
        if ((await lockedStage(tx, lease)) === 'over') return;
        await tx.updateTable('stores').set({ address_change_json: null }).where('id', '=', lease.storeId).execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'domain.primary_changed',
          target: to,
          storeId: lease.storeId,
          result: isDone ? 'ok' : 'failed',
          details: { from, runId: lease.runId },
          at: new Date(),
        });
      }),
  };
}

/** Under the lock of the store's row, which `withFence` has taken. */
async function lockedStage(tx: Tx, { storeId, runId }: Lease): Promise<AddressChangeStage> {
  const row = await tx
    .selectFrom('stores')
    .select('address_change_json')
    .where('id', '=', storeId)
    .executeTakeFirstOrThrow();
  return stageIn(row.address_change_json, runId);
}

function stageIn(json: string | null, runId: string): AddressChangeStage {
  const change = json === null ? null : (readJson(json) as { runId: string; stage?: AddressChangeStage } | null);
  if (change === null || change.runId !== runId) return 'over';
  return change.stage ?? 'forward';
}

const notNow = (message: string, hint: string): AppError => new AppError('not_allowed_now', message, { hint });
