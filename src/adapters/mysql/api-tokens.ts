import { type ApiScope, SCOPE_NAMES, TOKENS_AT_MOST } from '../../domain/api-token.ts';
import type { CustomerRole } from '../../domain/customer.ts';
import { InvalidInputError } from '../../domain/errors.ts';
import { type Origin, originIn } from '../../domain/origin.ts';
import { newId } from '../../lib/new-id.ts';
import type { TellingMail } from './account-changes.ts';
import { appendAudit } from './audit.ts';
import { hasSecondFactor } from './has-second-factor.ts';
import { writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { requireSession } from './sessions.ts';
import { inTransaction, type Queries, type Tx } from './transactions.ts';

export type ApiTokenRepository = ReturnType<typeof createApiTokenRepository>;

export interface NewApiToken {
  readonly customerId: string;
  /** In which it is made: one that has ended meanwhile makes none. */
  readonly sessionId: string;
  readonly name: string;
  /** SHA-256 of the token, in hex; the token itself is never kept. */
  readonly tokenHash: string;
  /** Its beginning, for its owner's eyes. */
  readonly hint: string;
  readonly scopes: readonly ApiScope[];
  readonly expiresAt: Date;
  readonly origin: Origin;
  /** What its owner reads; `undefined` where they have read enough of it lately. */
  readonly mail: TellingMail | undefined;
  readonly now: Date;
}

export interface ApiTokenFacts {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly usedFrom: string | null;
}

/** A token with the account as it is now. */
export interface StoredApiToken extends ApiTokenFacts {
  readonly customerId: string;
  readonly email: string;
  readonly isVerified: boolean;
  readonly role: CustomerRole;
  readonly hasSecondFactor: boolean;
  /** When the account goes, unless its owner undoes it; `null` while it stays. */
  readonly deletionAt: Date | null;
}

const MANY = 500;
const FACTS = ['id', 'name', 'hint', 'scopes_json', 'created_at', 'expires_at', 'used_at', 'used_from'] as const;

/** What programs show instead of a session. When one ends is judged by the caller. */
export function createApiTokenRepository(db: Database) {
  return {
    /** With its line in the ledger and its mail. Throws `InvalidInputError` (`name`) for one too many, `not_signed_in`. */
    create: (token: NewApiToken): Promise<ApiTokenFacts> => inTransaction(db, (tx) => insertToken(tx, token)),

    async find(tokenHash: string): Promise<StoredApiToken | undefined> {
      const row = await db.kysely
        .selectFrom('api_tokens')
        .innerJoin('customers', 'customers.id', 'api_tokens.customer_id')
        .select(FACTS.map((column) => `api_tokens.${column}` as const))
        .select(['api_tokens.customer_id', 'customers.email', 'customers.claimed_email', 'customers.role'])
        .select('customers.deletion_at')
        .select(hasSecondFactor)
        .where('api_tokens.token_hash', '=', tokenHash)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        ...toFacts(row),
        customerId: row.customer_id,
        email: row.email,
        isVerified: row.claimed_email !== null,
        role: row.role,
        hasSecondFactor: Boolean(row.has_second_factor),
        deletionAt: row.deletion_at,
      };
    },

    /** Those of the digests that a token stands under whose time is not over. */
    async knownAmong(tokenHashes: readonly string[], now: Date): Promise<ReadonlySet<string>> {
      if (tokenHashes.length === 0) return new Set();
      const rows = await db.kysely
        .selectFrom('api_tokens')
        .select('token_hash')
        .where('token_hash', 'in', tokenHashes)
        .where('expires_at', '>', now)
        .execute();
      return new Set(rows.map(({ token_hash: digest }) => digest));
    },

    /** It was used at `now`. Does nothing when somebody has noted `unlessSince` or a later time already. */
    async noteUsed(id: string, from: string | undefined, now: Date, unlessSince: Date): Promise<void> {
      await db.kysely
        .updateTable('api_tokens')
        .set({ used_at: now, ...(from !== undefined && { used_from: from }) })
        .where('id', '=', id)
        .where((eb) => eb.or([eb('used_at', 'is', null), eb('used_at', '<', unlessSince)]))
        .execute();
    },

    /** Newest first. */
    async listOf(customerId: string): Promise<ApiTokenFacts[]> {
      const rows = await db.kysely
        .selectFrom('api_tokens')
        .select(FACTS)
        .where('customer_id', '=', customerId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(toFacts);
    },

    /** It opens nothing from then on. False when the account has none of that id. */
    revoke: ({ customerId, id, now, ...origin }: Origin & { customerId: string; id: string; now: Date }) =>
      inTransaction(db, async (tx): Promise<boolean> => {
        const query = tx.deleteFrom('api_tokens').where('id', '=', id).where('customer_id', '=', customerId);
        if ((await query.executeTakeFirst()).numDeletedRows === 0n) return false;
        const line = { ...originIn(origin), action: 'token.revoked', target: customerId, details: { token: id } };
        await appendAudit(tx, { ...line, at: now });
        return true;
      }),

    /** Some of those that have been over since before then; again until it says that there were none. */
    async removeExpired(before: Date): Promise<number> {
      const old = db.kysely.deleteFrom('api_tokens').where('expires_at', '<', before).limit(MANY);
      return Number((await old.executeTakeFirst()).numDeletedRows);
    },
  };
}

/** Every token of the account opens nothing from then on, as part of whatever else is changed. How many there were. */
export async function revokeTokensOf(queries: Queries, customerId: string): Promise<number> {
  const query = queries.deleteFrom('api_tokens').where('customer_id', '=', customerId);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

async function insertToken(tx: Tx, token: NewApiToken): Promise<ApiTokenFacts> {
  const { customerId, name, hint, scopes, expiresAt, origin, now } = token;
  // Whoever makes one waits here for whoever else does, so that nobody gets past the count.
  await tx.selectFrom('customers').select('id').where('id', '=', customerId).forUpdate().executeTakeFirstOrThrow();
  // Nobody goes on by a token from a session that its owner's reset has just ended.
  await requireSession(tx, token);
  const { count } = await tx
    .selectFrom('api_tokens')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('customer_id', '=', customerId)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  if (Number(count) >= TOKENS_AT_MOST) {
    throw new InvalidInputError('name', `You have ${TOKENS_AT_MOST} tokens already. Revoke one that you do not need.`);
  }
  const id = newId('tok');
  await tx
    .insertInto('api_tokens')
    .values({
      id,
      customer_id: customerId,
      name,
      token_hash: token.tokenHash,
      hint,
      scopes_json: writeJson(scopes),
      created_at: now,
      expires_at: expiresAt,
    })
    .execute();
  const details = { token: id, name, scopes, expiresAt: expiresAt.toISOString() };
  await appendAudit(tx, { ...origin, action: 'token.made', target: customerId, details, at: now });
  if (token.mail !== undefined) {
    await insertMail(tx, { ...token.mail, uniqueKey: `${token.mail.kind}:${id}`, storeId: null, now });
  }
  return { id, name, hint, scopes, createdAt: now, expiresAt, usedAt: null, usedFrom: null };
}

function toFacts(row: {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes_json: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly used_from: string | null;
}): ApiTokenFacts {
  const written: unknown = JSON.parse(row.scopes_json);
  // A scope that this version does not know opens nothing.
  const scopes = SCOPE_NAMES.filter((scope) => Array.isArray(written) && written.includes(scope));
  const { id, name, hint, created_at: createdAt, expires_at: expiresAt, used_at: usedAt, used_from: usedFrom } = row;
  return { id, name, hint, scopes, createdAt, expiresAt, usedAt, usedFrom };
}
