import type { Selectable } from 'kysely';
import { SYSTEM } from '../../domain/origin.ts';
import type {
  CertificateNote,
  Diagnosis,
  DomainState,
  FoundRecords,
  OwnDomain,
  ProofAnswer,
} from '../../domain/own-domains.ts';
import { appendAudit } from './audit.ts';
import { duplicateKeyOf } from './database-errors.ts';
import { emitWebhook } from './emit-webhook.ts';
import { writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { toOwnDomain } from './own-domain-rows.ts';
import { liftQuarantine, quarantine, quarantinedUntil } from './quarantine.ts';
import type { Schema } from './schema.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type DomainLookRepository = ReturnType<typeof createDomainLookRepository>;

/** What a look came to. */
export interface Look {
  readonly state: DomainState;
  readonly diagnoses: readonly Diagnosis[];
  /** `undefined`: the DNS said nothing, what was found before stays. */
  readonly found: FoundRecords | undefined;
  readonly quietLooks: number;
  readonly strayedAt: Date | null;
  readonly checkedAt: Date;
  readonly nextCheckAt: Date;
}

interface ProofQuestion {
  readonly now: Date;
  /** For so long only its last customer may have a name that was given up. */
  readonly quarantineDays: number;
}

interface DueQuestion {
  readonly now: Date;
  readonly limit: number;
  readonly leaseMs: number;
}

/** What becomes of own domains: looks, proof, routes, release. Written by workers; several may look at once. */
export function createDomainLookRepository(db: Database) {
  async function claim(row: Selectable<Schema['own_domains']>, until: Date): Promise<OwnDomain | undefined> {
    const { numUpdatedRows } = await db.kysely
      .updateTable('own_domains')
      .set({ next_check_at: until })
      .where('id', '=', row.id)
      .where('next_check_at', '=', row.next_check_at)
      .executeTakeFirst();
    return numUpdatedRows === 1n ? { ...toOwnDomain(row), nextCheckAt: until } : undefined;
  }

  return {
    /** Domains whose time has come, the longest waiting first; nobody else gets them for `leaseMs`. */
    async claimDue({ now, limit, leaseMs }: DueQuestion): Promise<OwnDomain[]> {
      const rows = await db.kysely
        .selectFrom('own_domains')
        .selectAll()
        .where('next_check_at', '<=', now)
        .orderBy('next_check_at')
        .limit(limit)
        .execute();
      const until = new Date(now.getTime() + leaseMs);
      const claims = await Promise.all(rows.map((row) => claim(row, until)));
      return claims.filter((domain) => domain !== undefined);
    },

    /** This one, due or not, for somebody who waits for it. `undefined` when somebody else was faster, or it is gone. */
    async claimNow(id: string, until: Date): Promise<OwnDomain | undefined> {
      const row = await db.kysely.selectFrom('own_domains').selectAll().where('id', '=', id).executeTakeFirst();
      return row && claim(row, until);
    },

    /**
     * A wish that came meanwhile (a look, a removal) stays due. The first time it is valid is remembered, with a line in
     * the ledger. Does nothing when the domain is gone.
     */
    keep: (domain: OwnDomain, look: Look): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { numUpdatedRows: isThere } = await tx
          .updateTable('own_domains')
          .set((eb) => ({
            state: look.state,
            diagnoses_json: writeJson(look.diagnoses),
            ...(look.found === undefined ? {} : { found_json: writeJson(look.found) }),
            quiet_looks: look.quietLooks,
            strayed_at: look.strayedAt,
            checked_at: look.checkedAt,
            next_check_at: eb
              .case()
              .when('next_check_at', '=', domain.nextCheckAt)
              .then(look.nextCheckAt)
              .else(eb.ref('next_check_at'))
              .end(),
          }))
          .where('id', '=', domain.id)
          .executeTakeFirst();
        if (isThere === 0n) return;
        await emitChange(tx, domain, look);
        if (look.state !== 'valid') return;
        const { numUpdatedRows } = await tx
          .updateTable('own_domains')
          .set({ valid_at: look.checkedAt })
          .where('id', '=', domain.id)
          .where('valid_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 1n)
          await appendAudit(tx, noteOf('domain.connected', domain.storeId, domain.hostname, look.checkedAt));
      }),

    /** What is to be seen while a certificate is being asked for. */
    async setState(id: string, state: DomainState): Promise<void> {
      await db.kysely.updateTable('own_domains').set({ state }).where('id', '=', id).execute();
    },

    async noteCertificate(hostname: string, note: CertificateNote | null): Promise<void> {
      await db.kysely
        .updateTable('own_domains')
        .set({ certificate_json: note === null ? null : writeJson(note) })
        .where('hostname', '=', hostname)
        .where('proven_at', 'is not', null)
        .execute();
    },

    /** From now on the name is this store's and nobody else's, unless another store was faster or it is quarantined. */
    async prove({ id, storeId, hostname }: OwnDomain, { now, quarantineDays }: ProofQuestion): Promise<ProofAnswer> {
      try {
        return await inTransaction(db, async (tx) => {
          const store = await lockStore(tx, storeId);
          const owner = await ownerIn(tx, hostname);
          if (store === undefined || (owner !== undefined && owner !== storeId)) return 'taken';
          const { customerId } = store;
          if ((await quarantinedUntil(tx, { hostname, customerId, days: quarantineDays, now })) !== undefined)
            return 'quarantined';
          if (owner === undefined)
            await tx
              .insertInto('domains')
              .values({ hostname, store_id: storeId, kind: 'custom', created_at: now })
              .execute();
          await tx.updateTable('own_domains').set({ proven_at: now }).where('id', '=', id).execute();
          await liftQuarantine(tx, hostname);
          await appendAudit(tx, noteOf('domain.proven', storeId, hostname, now));
          return 'proven';
        });
      } catch (thrown) {
        if (duplicateKeyOf(thrown) !== undefined) return 'taken';
        throw thrown;
      }
    },

    /**
     * Visitors of the domain get what visitors of the platform's name get. False when the store has no route (it is
     * being deleted, or the domain is not proven): then nothing happened.
     */
    open: ({ storeId, hostname }: OwnDomain): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const store = await lockStore(tx, storeId);
        if (store === undefined || (await ownerIn(tx, hostname)) !== storeId) return false;
        const main = await tx
          .selectFrom('routes')
          .innerJoin('domains', 'domains.hostname', 'routes.hostname')
          .select(['routes.port', 'routes.state'])
          .where('routes.store_id', '=', storeId)
          .where('domains.kind', '=', 'platform')
          .executeTakeFirst();
        if (main === undefined) return false;
        await tx
          .insertInto('routes')
          .values({ hostname, store_id: storeId, port: main.port, state: main.state })
          .onDuplicateKeyUpdate({ port: main.port, state: main.state })
          .execute();
        await redirect(tx, storeId, store.primary);
        return true;
      }),

    /** Route and ownership are gone, and the name is quarantined. The wish stays until `release`: it knows what is left. */
    close: ({ storeId, hostname }: OwnDomain, now: Date): Promise<void> =>
      inTransaction(db, async (tx) => {
        const store = await lockStore(tx, storeId);
        if (store === undefined) return;
        await tx.deleteFrom('routes').where('hostname', '=', hostname).where('store_id', '=', storeId).execute();
        const { numDeletedRows } = await tx
          .deleteFrom('domains')
          .where('hostname', '=', hostname)
          .where('store_id', '=', storeId)
          .executeTakeFirst();
        if (numDeletedRows > 0n) await quarantine(tx, [hostname], store.customerId, now);
      }),

    /** The store that has proven the name. */
    async ownerOf(hostname: string): Promise<string | undefined> {
      const row = await db.kysely
        .selectFrom('domains')
        .select('store_id')
        .where('hostname', '=', hostname)
        .executeTakeFirst();
      return row?.store_id;
    },

    /** The wish is gone, the last thing that was left of the domain. */
    release: ({ id, storeId, hostname }: OwnDomain, now: Date): Promise<void> =>
      inTransaction(db, async (tx) => {
        if ((await lockStore(tx, storeId)) === undefined) return;
        await tx.deleteFrom('own_domains').where('id', '=', id).execute();
        await appendAudit(tx, noteOf('domain.removed', storeId, hostname, now));
      }),
  };
}

/** What the owner's webhooks are told of a look: that it is well from now on, or that it is not. */
async function emitChange(tx: Tx, { id, storeId, hostname }: OwnDomain, look: Look): Promise<void> {
  const { state, checkedAt: now } = look;
  if (state !== 'valid' && state !== 'problem') return;
  // Not by the state before: that may be one on the way, left by a worker that was killed.
  const { numUpdatedRows: isNews } = await tx
    .updateTable('own_domains')
    .set({ told_state: state })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('told_state', 'is', null), eb('told_state', '!=', state)]))
    .executeTakeFirst();
  if (isNews === 0n) return;
  const reason = state === 'problem' ? look.diagnoses.find(({ isAdvice }) => !isAdvice) : undefined;
  const domain = { hostname, state, problem: reason?.sentence ?? null, fix: reason?.fix ?? null };
  await emitWebhook(tx, { type: `domain.${state}`, storeId, domain, now });
}

const noteOf = (action: string, storeId: string, hostname: string, at: Date) => ({
  ...SYSTEM,
  action,
  target: hostname,
  storeId,
  details: {},
  at,
});

/** The host that is none of the platform's own, in the order they were proven. */
export async function ownHostnames(tx: Tx, storeId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('domains')
    .select('hostname')
    .where('store_id', '=', storeId)
    .where('kind', '=', 'custom')
    .execute();
  return rows.map(({ hostname }) => hostname);
}

/**
 * Where each host of the store sends its visitors: those of the primary domain stay, those of the platform's name go
 * there once there is an own one, and those of other domains as their owner wishes.
 */
export async function redirect(tx: Tx, storeId: string, primary: string | null): Promise<void> {
  const hosts = await tx
    .selectFrom('domains')
    .leftJoin('own_domains', (join) =>
      join
        .onRef('own_domains.hostname', '=', 'domains.hostname')
        .onRef('own_domains.store_id', '=', 'domains.store_id'),
    )
    .select(['domains.hostname', 'domains.kind', 'own_domains.is_redirecting'])
    .where('domains.store_id', '=', storeId)
    .execute();
  const platformName = hosts.find(({ kind }) => kind === 'platform')?.hostname ?? null;
  const target = primary ?? platformName;
  for (const { hostname, kind, is_redirecting } of hosts) {
    const isSentOn = hostname !== target && (kind === 'platform' || is_redirecting === 1);
    await tx
      .updateTable('routes')
      .set({ redirect_to: isSentOn ? target : null })
      .where('hostname', '=', hostname)
      .where('store_id', '=', storeId)
      .execute();
  }
}

async function ownerIn(tx: Tx, hostname: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('domains')
    .select('store_id')
    .where('hostname', '=', hostname)
    .forUpdate()
    .executeTakeFirst();
  return row?.store_id;
}

async function lockStore(tx: Tx, storeId: string): Promise<{ customerId: string; primary: string | null } | undefined> {
  const row = await tx
    .selectFrom('stores')
    .select(['customer_id', 'primary_domain'])
    .where('id', '=', storeId)
    .where('status', 'not in', ['deleting'])
    .forUpdate()
    .executeTakeFirst();
  return row && { customerId: row.customer_id, primary: row.primary_domain };
}
