import { AppError, NotFoundError } from '../../domain/errors.ts';
import { type Origin, originIn } from '../../domain/origin.ts';
import { MAX_OWN_DOMAINS, type OwnDomain } from '../../domain/own-domains.ts';
import { newId } from '../../lib/new-id.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { toOwnDomain } from './own-domain-rows.ts';
import { liftQuarantine, quarantinedUntil } from './quarantine.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type OwnDomainRepository = ReturnType<typeof createOwnDomainRepository>;

export interface NewOwnDomain extends Origin {
  readonly storeId: string;
  /** As `parseDomainName` gives it. */
  readonly hostname: string;
  /** Used where the store has none yet: all its domains are proven by the same one. */
  readonly newToken: string;
  readonly quarantineDays: number;
  /** An operator knows that it is right: another customer's days end now. Needs the worker's rights. */
  readonly isLiftingQuarantine?: boolean | undefined;
  readonly now: Date;
}

interface Wish extends Origin {
  readonly storeId: string;
  readonly hostname: string;
  readonly now: Date;
}

const MANY = 1000;
/** Nothing is learnt, and the authority is not asked any sooner, by looking more often than that. */
const LOOKS_AT_LEAST_APART_MS = 10_000;

/** What customers wish of their domains. Nothing here routes anything: the worker's looks do (`domain-looks.ts`). */
export function createOwnDomainRepository(db: Database) {
  async function find({ storeId, hostname }: { storeId: string; hostname: string }): Promise<OwnDomain | undefined> {
    const row = await db.kysely
      .selectFrom('own_domains')
      .selectAll()
      .where('store_id', '=', storeId)
      .where('hostname', '=', hostname)
      .executeTakeFirst();
    return row && toOwnDomain(row);
  }

  return {
    /** `undefined` where this store has no such domain. */
    find,

    /** In the order they were added. */
    async list(storeId: string): Promise<OwnDomain[]> {
      const rows = await db.kysely
        .selectFrom('own_domains')
        .selectAll()
        .where('store_id', '=', storeId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toOwnDomain);
    },

    /** Those that are proven to be the store's. */
    async provenNames(storeId: string): Promise<string[]> {
      const rows = await db.kysely
        .selectFrom('domains')
        .select('hostname')
        .where('store_id', '=', storeId)
        .where('kind', '=', 'custom')
        .execute();
      return rows.map(({ hostname }) => hostname);
    },

    /** Those that do not lead here at the moment. */
    async listStrayed(): Promise<OwnDomain[]> {
      const rows = await db.kysely.selectFrom('own_domains').selectAll().where('strayed_at', 'is not', null).execute();
      return rows.map(toOwnDomain);
    },

    /** Of all stores, by name; for operators. */
    async listAll({ state, limit = MANY }: { state?: OwnDomain['state']; limit?: number } = {}): Promise<OwnDomain[]> {
      const query = db.kysely.selectFrom('own_domains').selectAll().orderBy('hostname').limit(limit);
      return (await (state === undefined ? query : query.where('state', '=', state)).execute()).map(toOwnDomain);
    },

    /** The wishes for this name, whoever has them; the one it belongs to first. */
    async ofName(hostname: string): Promise<OwnDomain[]> {
      const rows = await db.kysely
        .selectFrom('own_domains')
        .selectAll()
        .where('hostname', '=', hostname)
        .orderBy('proven_at', 'desc')
        .execute();
      return rows.map(toOwnDomain);
    },

    /**
     * A wish for a domain, waiting for its proof; the one that is there already, when the store has it. Throws
     * `not_found`, `name_taken` (another store's, or given up by somebody else lately), `not_allowed_now` (too many, or
     * the store is being deleted).
     */
    add: (wish: NewOwnDomain): Promise<OwnDomain> =>
      inTransaction(db, async (tx) => {
        const { customerId, status } = await lockStore(tx, wish.storeId);
        if (status === 'deleting' || status === 'deletion-scheduled')
          throw notNow('A store that is being deleted takes no domain.');
        const known = await rowsOf(tx, wish.storeId);
        const same = known.find(({ hostname }) => hostname === wish.hostname);
        if (same !== undefined) {
          if (same.isLeaving) throw notNow(`${wish.hostname} is being removed. Add it again in a minute.`);
          if (wish.isLiftingQuarantine === true) await refuseTaken(tx, wish, customerId);
          return same;
        }
        if (known.length >= MAX_OWN_DOMAINS) throw notNow(`A store can have ${MAX_OWN_DOMAINS} domains of its own.`);
        await refuseTaken(tx, wish, customerId);
        const id = newId('dom');
        const { storeId, hostname, now } = wish;
        await tx
          .insertInto('own_domains')
          .values({
            id,
            store_id: storeId,
            hostname,
            state: 'waiting-for-dns',
            token: known[0]?.token ?? wish.newToken,
            diagnoses_json: '[]',
            created_at: now,
            next_check_at: now,
          })
          .execute();
        await note(tx, 'domain.added', wish, {});
        const row = await tx.selectFrom('own_domains').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
        return toOwnDomain(row);
      }),

    /** The next look is due now. False while the last one is only seconds ago. Throws `not_found`. */
    requestLook: (wish: Wish): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const domain = await theirs(tx, wish);
        const sinceMs = wish.now.getTime() - (domain.checkedAt?.getTime() ?? 0);
        if (sinceMs < LOOKS_AT_LEAST_APART_MS) return false;
        await tx
          .updateTable('own_domains')
          .set({ next_check_at: wish.now, quiet_looks: 0 })
          .where('id', '=', domain.id)
          .execute();
        return true;
      }),

    /** Whether visitors of the domain are sent on to the primary one. The next look makes it so. Throws `not_found`. */
    setRedirecting: (wish: Wish & { readonly isRedirecting: boolean }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { id } = await theirs(tx, wish);
        await tx
          .updateTable('own_domains')
          .set({ is_redirecting: wish.isRedirecting ? 1 : 0, next_check_at: wish.now })
          .where('id', '=', id)
          .execute();
        await note(tx, 'domain.redirect_set', wish, { isRedirecting: wish.isRedirecting });
      }),

    /** The next look takes it away, and with it route and certificate. Throws `not_found`, `not_allowed_now` for the primary. */
    requestRemoval: (wish: Wish): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { primary, isChanging } = await lockStore(tx, wish.storeId);
        const { id, isLeaving } = await theirs(tx, wish);
        if (isLeaving) return;
        if (primary === wish.hostname)
          throw notNow(`${wish.hostname} is the primary domain of the store.`, 'Make another one the primary first.');
        if (isChanging) throw notNow('The address of the store is being changed.', 'Wait until that is over.');
        await tx
          .updateTable('own_domains')
          .set({ is_leaving: 1, next_check_at: wish.now })
          .where('id', '=', id)
          .execute();
        await note(tx, 'domain.remove_requested', wish, {});
      }),
  };
}

async function refuseTaken(tx: Tx, wish: NewOwnDomain, customerId: string) {
  const { hostname, storeId, quarantineDays, now } = wish;
  const owner = await tx.selectFrom('domains').select('store_id').where('hostname', '=', hostname).executeTakeFirst();
  if (owner !== undefined && owner.store_id !== storeId)
    throw taken(
      `${hostname} is connected to another store.`,
      'Remove it there first. If it is not yours there, ask us.',
    );
  const until = await quarantinedUntil(tx, { hostname, customerId, days: quarantineDays, now });
  if (until === undefined) return;
  if (wish.isLiftingQuarantine !== true)
    throw taken(
      `Another customer gave ${hostname} up a short while ago. It can be connected from ${until.toISOString().slice(0, 10)} on.`,
      'If you need it sooner, ask us.',
    );
  await liftQuarantine(tx, hostname);
  await note(tx, 'domain.quarantine_lifted', wish, { until });
}

async function theirs(tx: Tx, { storeId, hostname }: Wish): Promise<OwnDomain> {
  const row = await tx
    .selectFrom('own_domains')
    .selectAll()
    .where('store_id', '=', storeId)
    .where('hostname', '=', hostname)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('domain', hostname);
  return toOwnDomain(row);
}

async function rowsOf(tx: Tx, storeId: string): Promise<OwnDomain[]> {
  const rows = await tx
    .selectFrom('own_domains')
    .selectAll()
    .where('store_id', '=', storeId)
    .orderBy('created_at')
    .execute();
  return rows.map(toOwnDomain);
}

/** Whoever changes what a store has, or asks for it, waits here. */
async function lockStore(tx: Tx, storeId: string) {
  const row = await tx
    .selectFrom('stores')
    .select(['customer_id', 'status', 'primary_domain', 'address_change_json'])
    .where('id', '=', storeId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('store', storeId);
  return {
    customerId: row.customer_id,
    status: row.status,
    primary: row.primary_domain,
    isChanging: row.address_change_json !== null,
  };
}

function note(tx: Tx, action: string, wish: Wish, details: Record<string, unknown>): Promise<void> {
  const { storeId, hostname, now } = wish;
  return appendAudit(tx, { ...originIn(wish), action, target: hostname, storeId, details, at: now });
}

const taken = (message: string, hint: string): AppError => new AppError('name_taken', message, { hint });

function notNow(message: string, hint?: string): AppError {
  return new AppError('not_allowed_now', message, hint === undefined ? {} : { hint });
}
