import { AppError } from '../../domain/errors.ts';
import type { TokenPurpose } from '../../domain/one-time-token.ts';
import { readTexts, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { inTransaction, type Queries } from './transactions.ts';

export type OneTimeTokenRepository = ReturnType<typeof createOneTimeTokenRepository>;

export interface NewOneTimeToken {
  /** SHA-256 of the token, in hex; the token itself is never kept. */
  readonly tokenHash: string;
  readonly purpose: TokenPurpose;
  /** Whom or what it is about: the id of an account or a store. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly now: Date;
  readonly expiresAt: Date;
}

export interface OneTimeTokenUse {
  readonly tokenHash: string;
  readonly purpose: TokenPurpose;
  readonly now: Date;
}

/** What a token is about; known to whoever holds it. */
export interface OneTimeTokenFacts {
  readonly subject: string;
  readonly facts: Readonly<Record<string, string>>;
}

const MANY = 500;

/** Tokens that work once: mailed links, one-time doors. */
export function createOneTimeTokenRepository(db: Database) {
  return {
    /** Makes one. An earlier one of the same purpose and subject is worth nothing from then on. */
    issue: (token: NewOneTimeToken): Promise<void> => inTransaction(db, (tx) => insertOneTimeToken(tx, token)),

    /** What a living token is about, without using it. `undefined` for one that is used, over, or none. */
    async find({ tokenHash, purpose, now }: OneTimeTokenUse): Promise<OneTimeTokenFacts | undefined> {
      const row = await db.kysely
        .selectFrom('one_time_tokens')
        .select(['subject', 'facts_json'])
        .where('token_hash', '=', tokenHash)
        .where('purpose', '=', purpose)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row && { subject: row.subject, facts: readTexts(row.facts_json) };
    },

    /** Of any number at once one gets the answer. Throws `link_invalid` for all others. */
    use: (use: OneTimeTokenUse): Promise<OneTimeTokenFacts> => inTransaction(db, (tx) => useOneTimeToken(tx, use)),

    /** Tokens that were not used yet are worth nothing from then on. */
    revoke: (purpose: TokenPurpose, subject: string): Promise<void> => revokeOneTimeTokens(db.kysely, subject, purpose),

    /** Some of those that nobody can use any more. */
    async removeExpired(now: Date): Promise<void> {
      await db.kysely.deleteFrom('one_time_tokens').where('expires_at', '<=', now).limit(MANY).execute();
    },
  };
}

/** As `issue`, as part of whatever else is written. */
export async function insertOneTimeToken(queries: Queries, token: NewOneTimeToken): Promise<void> {
  await revokeOneTimeTokens(queries, token.subject, token.purpose);
  await queries
    .insertInto('one_time_tokens')
    .values({
      token_hash: token.tokenHash,
      purpose: token.purpose,
      subject: token.subject,
      facts_json: writeJson(token.facts),
      created_at: token.now,
      expires_at: token.expiresAt,
    })
    .execute();
}

/** Uses a token as part of what it allows: both happen or neither. Throws `link_invalid`. */
export async function useOneTimeToken(
  queries: Queries,
  { tokenHash, purpose, now }: OneTimeTokenUse,
): Promise<OneTimeTokenFacts> {
  const { numUpdatedRows } = await queries
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AppError('link_invalid', `No living token for ${purpose} under this text.`);
  const row = await queries
    .selectFrom('one_time_tokens')
    .select(['subject', 'facts_json'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirstOrThrow();
  return { subject: row.subject, facts: readTexts(row.facts_json) };
}

/** Every token about the subject that was not used yet goes; of one purpose, or of all. */
export async function revokeOneTimeTokens(queries: Queries, subject: string, purpose?: TokenPurpose): Promise<void> {
  const query = queries.deleteFrom('one_time_tokens').where('subject', '=', subject).where('used_at', 'is', null);
  await (purpose === undefined ? query : query.where('purpose', '=', purpose)).execute();
}
