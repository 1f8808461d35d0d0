import type { CustomerRole } from '../../domain/customer.ts';
import { AppError } from '../../domain/errors.ts';
import { type Origin, originIn } from '../../domain/origin.ts';
import type { FactorUse } from '../../domain/second-factor.ts';
import { newId } from '../../lib/new-id.ts';
import type { TellingMail } from './account-changes.ts';
import { appendAudit } from './audit.ts';
import { type CheckedAccount, changedMeanwhile, lockAsChecked } from './customers.ts';
import { hasSecondFactor } from './has-second-factor.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { databaseNow, inTransaction, type Queries, type Tx } from './transactions.ts';

export type SessionRepository = ReturnType<typeof createSessionRepository>;

export interface NewSession {
  /** SHA-256 of the token, in hex; the token itself is never kept. */
  readonly tokenHash: string;
  /** The same of the session that ends as this one begins: the one its browser had. */
  readonly replaces: string | null;
  readonly now: Date;
  /** When its owner has proven who they are; `now` unless it says so. */
  readonly provenAt?: Date;
  /** The absolute end. */
  readonly expiresAt: Date;
  readonly userAgent: string;
  readonly address: string;
  /** The request in which it begins. */
  readonly requestId: string;
  /** What its owner is told if it begins. */
  readonly mail?: TellingMail | undefined;
}

export interface StoredSession {
  readonly id: string;
  readonly customerId: string;
  readonly email: string;
  /** Does the account hold its address for good? */
  readonly isVerified: boolean;
  /** When the account goes, unless its owner undoes it; `null` while it stays. */
  readonly deletionAt: Date | null;
  readonly role: CustomerRole;
  /** Does the account ask for more than its password? */
  readonly hasSecondFactor: boolean;
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly provenAt: Date;
  readonly expiresAt: Date;
  /** Set while an operator acts as the customer in it; without an id when the operator is none any more. */
  readonly impersonator: { readonly operatorId: string | null } | null;
}

/** A session as its owner sees it. */
export interface SessionFacts {
  readonly id: string;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** An operator acts as the owner in it. */
  readonly isOperators: boolean;
}

export interface SessionEnd extends Origin {
  readonly customerId: string;
  readonly which: { readonly id: string } | { readonly except: string };
  readonly now: Date;
}

const USER_AGENT_LENGTH = 255;
const MANY = 500;

/** Who is signed in. Ends are judged by the caller, who knows how long whom may stay. */
export function createSessionRepository(db: Database) {
  const found = selectSessions(db.kysely);

  /** By their tokens' digests, with their accounts as they are now. Also finds sessions whose time is over. */
  async function findAll(tokenHashes: readonly string[]): Promise<ReadonlyMap<string, StoredSession>> {
    const rows = await found.where('sessions.token_hash', 'in', tokenHashes).execute();
    return new Map(rows.map((row) => [row.token_hash, toStoredSession(row)]));
  }

  return {
    /** With its line in the audit log. Throws `wrong_credentials` when the account is not as it was checked any more. */
    start: (account: CheckedAccount, session: NewSession): Promise<string> =>
      inTransaction(db, async (tx) => {
        if (!(await lockAsChecked(tx, account))) throw changedMeanwhile(account);
        return insertSession(tx, account.id, session);
      }),

    findAll,

    /** As `findAll`, of one. */
    find: async (tokenHash: string): Promise<StoredSession | undefined> => (await findAll([tokenHash])).get(tokenHash),

    /** Those of the tokens' digests that a session stands under whose absolute end is not past. */
    async knownAmong(tokenHashes: readonly string[], now: Date): Promise<ReadonlySet<string>> {
      if (tokenHashes.length === 0) return new Set();
      const rows = await db.kysely
        .selectFrom('sessions')
        .select('token_hash')
        .where('token_hash', 'in', tokenHashes)
        .where('expires_at', '>', now)
        .execute();
      return new Set(rows.map(({ token_hash: digest }) => digest));
    },

    /** Its owner was here at `now`. Does nothing when somebody has noted `unlessSince` or a later time already. */
    async noteSeen(id: string, now: Date, unlessSince: Date): Promise<void> {
      await db.kysely
        .updateTable('sessions')
        .set({ seen_at: now })
        .where('id', '=', id)
        .where('seen_at', '<', unlessSince)
        .execute();
    },

    /**
     * The password was given again at `now`: from here on another token opens the session, the old one nothing. False
     * when the session is not there under the old one any more.
     */
    async renew(request: { oldTokenHash: string; newTokenHash: string; now: Date }): Promise<boolean> {
      const { numUpdatedRows } = await db.kysely
        .updateTable('sessions')
        .set({ token_hash: request.newTokenHash, proven_at: request.now, seen_at: request.now })
        .where('token_hash', '=', request.oldTokenHash)
        // Who acts as somebody else proves nothing.
        .where('impersonator_session', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** False when it had ended already. */
    async end(tokenHash: string): Promise<boolean> {
      const { numDeletedRows } = await db.kysely
        .deleteFrom('sessions')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /** Every session of the account that may still live, last used first. */
    async listOf(customerId: string): Promise<SessionFacts[]> {
      const rows = await db.kysely
        .selectFrom('sessions')
        .select(['id', 'user_agent', 'address', 'created_at', 'seen_at', 'impersonator_session'])
        .where('customer_id', '=', customerId)
        .where('expires_at', '>', databaseNow)
        .orderBy('seen_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        userAgent: row.user_agent,
        address: row.address,
        createdAt: row.created_at,
        seenAt: row.seen_at,
        isOperators: row.impersonator_session !== null,
      }));
    },

    /** One of the account's sessions ends, or all but one, with a line for each. Returns how many. */
    endOf: ({ customerId, which, now, ...origin }: SessionEnd): Promise<number> =>
      inTransaction(db, async (tx) => {
        const theirs = tx.selectFrom('sessions').select('id').where('customer_id', '=', customerId);
        const chosen = 'id' in which ? theirs.where('id', '=', which.id) : theirs.where('id', '!=', which.except);
        const rows = await chosen.forUpdate().execute();
        for (const { id } of rows) {
          await tx.deleteFrom('sessions').where('id', '=', id).execute();
          const line = { ...originIn(origin), action: 'session.revoked', target: customerId, details: { session: id } };
          await appendAudit(tx, { ...line, at: now });
        }
        return rows.length;
      }),

    /** Some of those whose absolute end is past, or whose owner was not seen since `seenBefore`. */
    async removeEnded({ now, seenBefore }: { now: Date; seenBefore: Date }): Promise<void> {
      await db.kysely
        .deleteFrom('sessions')
        .where((eb) => eb.or([eb('expires_at', '<=', now), eb('seen_at', '<', seenBefore)]))
        .limit(MANY)
        .execute();
    },
  };
}

function selectSessions(queries: Queries) {
  return queries
    .selectFrom('sessions')
    .innerJoin('customers', 'customers.id', 'sessions.customer_id')
    .leftJoin('sessions as operators_own', 'operators_own.id', 'sessions.impersonator_session')
    .leftJoin('customers as operator', (join) =>
      // Who is no operator any more acts as nobody.
      join.onRef('operator.id', '=', 'operators_own.customer_id').on('operator.role', '=', 'operator'),
    )
    .select(['sessions.id', 'sessions.token_hash', 'sessions.customer_id', 'sessions.impersonator_session'])
    .select(['sessions.created_at', 'sessions.seen_at', 'sessions.proven_at', 'sessions.expires_at'])
    .select(['customers.email', 'customers.claimed_email', 'customers.role', 'customers.deletion_at'])
    .select('operator.id as operator_id')
    .select(hasSecondFactor);
}

type SessionRow = Awaited<ReturnType<ReturnType<typeof selectSessions>['executeTakeFirstOrThrow']>>;

function toStoredSession(row: SessionRow): StoredSession {
  return {
    id: row.id,
    customerId: row.customer_id,
    email: row.email,
    isVerified: row.claimed_email !== null,
    deletionAt: row.deletion_at,
    role: row.role,
    hasSecondFactor: Boolean(row.has_second_factor),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    provenAt: row.proven_at,
    expiresAt: row.expires_at,
    impersonator: row.impersonator_session === null ? null : { operatorId: row.operator_id },
  };
}

/**
 * A session as part of whatever else signing in writes, with its line in the audit log; the one it replaces has ended then.
 * `by`: what was shown besides the password, or in its place. Returns its id.
 */
export async function insertSession(
  queries: Queries,
  customerId: string,
  session: NewSession,
  facts: { readonly by?: FactorUse['kind'] } = {},
): Promise<string> {
  const { now, address, requestId, replaces } = session;
  if (replaces !== null) await endSession(queries, replaces, session);
  const id = newId('ses');
  await queries
    .insertInto('sessions')
    .values({
      id,
      token_hash: session.tokenHash,
      customer_id: customerId,
      created_at: now,
      seen_at: now,
      proven_at: session.provenAt ?? now,
      expires_at: session.expiresAt,
      user_agent: [...session.userAgent].slice(0, USER_AGENT_LENGTH).join(''),
      address,
    })
    .execute();
  const origin = { actor: customerId, address, requestId };
  const details = { session: id, ...facts };
  await appendAudit(queries, { ...origin, action: 'session.started', target: customerId, details, at: now });
  if (session.mail !== undefined) {
    await insertMail(queries, { ...session.mail, uniqueKey: `${session.mail.kind}:${id}`, storeId: null, now });
  }
  return id;
}

/** Nothing happens when it had ended already. */
async function endSession(queries: Queries, tokenHash: string, successor: NewSession): Promise<void> {
  const ended = await queries
    .selectFrom('sessions')
    .select(['id', 'customer_id'])
    .where('token_hash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst();
  if (ended === undefined) return;
  const { id, customer_id: customerId } = ended;
  await queries.deleteFrom('sessions').where('id', '=', id).execute();
  const { address, requestId, now } = successor;
  const origin = { actor: customerId, address, requestId };
  const details = { session: id };
  await appendAudit(queries, { ...origin, action: 'session.ended', target: customerId, details, at: now });
}

/**
 * Does the session go on? To be asked under the account's lock: whoever ends its sessions waits then, and has not been here
 * before. Throws `not_signed_in`.
 */
export async function requireSession(
  tx: Tx,
  { customerId, sessionId }: { readonly customerId: string; readonly sessionId: string },
): Promise<void> {
  const session = tx.selectFrom('sessions').select('id').where('id', '=', sessionId);
  const row = await session.where('customer_id', '=', customerId).forUpdate().executeTakeFirst();
  if (row === undefined) throw new AppError('not_signed_in', 'The session has ended meanwhile.');
}

/** Every session of the account ends, `except` for one. How many did. */
export async function endSessionsOf(
  queries: Queries,
  customerId: string,
  { except }: { readonly except?: string } = {},
): Promise<number> {
  const query = queries.deleteFrom('sessions').where('customer_id', '=', customerId);
  const { numDeletedRows } = await (except === undefined ? query : query.where('id', '!=', except)).executeTakeFirst();
  return Number(numDeletedRows);
}
