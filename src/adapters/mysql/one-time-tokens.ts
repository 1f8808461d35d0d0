import { AppError } from '../../domain/errors.ts';
import { type TokenPurpose, WAYS_BACK } from '../../domain/one-time-token.ts';
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
  /** Of a way back: what was done from then on is taken back. */
  readonly since?: Date | undefined;
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
  readonly since?: Date;
}

const MANY = 500;

/** Tokens that work once: mailed links, one-time doors. */
export function createOneTimeTokenRepository(db: Database) {
  return {
    /** Makes one. An earlier one of the same purpose, subject and `since` is worth nothing from then on. */
    issue: (token: NewOneTimeToken): Promise<void> => inTransaction(db, (tx) => insertOneTimeToken(tx, token)),

    /** What a living token is about, without using it. `undefined` for one that is used, over, or none. */
    async find({ tokenHash, purpose, now }: OneTimeTokenUse): Promise<OneTimeTokenFacts | undefined> {
      const row = await db.kysely
        .selectFrom('one_time_tokens')
        .select(['subject', 'facts_json', 'since'])
        .where('token_hash', '=', tokenHash)
        .where('purpose', '=', purpose)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row && factsOf(row);
    },

    /** Of any number at once one gets the answer. Throws `link_invalid` for all others. */
    use: (use: OneTimeTokenUse): Promise<OneTimeTokenFacts> => inTransaction(db, (tx) => useOneTimeToken(tx, use)),

    /** Tokens that were not used yet are worth nothing from then on. */
    revoke: (purpose: TokenPurpose, subject: string): Promise<void> => revokeOneTimeTokens(db.kysely, subject, purpose),

    /** Some of those that nobody can use any more; again until it says that there were none. */
    async removeExpired(now: Date): Promise<number> {
      const over = db.kysely.deleteFrom('one_time_tokens').where('expires_at', '<=', now).limit(MANY);
      return Number((await over.executeTakeFirst()).numDeletedRows);
    },
  };
}

/**
 * As `issue`, as part of whatever else is written. A way back to what was itself taken back opens nothing: mails are late,
 * and sent again, also to whoever the account was taken back from.
 */
export async function insertOneTimeToken(queries: Queries, token: NewOneTimeToken): Promise<void> {
  const { purpose, subject, since } = token;
  if (since !== undefined && (await isTakenBack(queries, subject, since))) return;
  const earlier = queries.deleteFrom('one_time_tokens').where('subject', '=', subject).where('purpose', '=', purpose);
  const ofIt = since === undefined ? earlier.where('since', 'is', null) : earlier.where('since', '=', since);
  await ofIt.where('used_at', 'is', null).execute();
  await queries
    .insertInto('one_time_tokens')
    .values({
      token_hash: token.tokenHash,
      purpose: token.purpose,
      subject: token.subject,
      facts_json: writeJson(token.facts),
      since: token.since ?? null,
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
    .select(['subject', 'facts_json', 'since'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirstOrThrow();
  return factsOf(row);
}

/** Every token about the subject that was not used yet goes; of one purpose, or of all. */
export async function revokeOneTimeTokens(queries: Queries, subject: string, purpose?: TokenPurpose): Promise<void> {
  const query = queries.deleteFrom('one_time_tokens').where('subject', '=', subject).where('used_at', 'is', null);
  await (purpose === undefined ? query : query.where('purpose', '=', purpose)).execute();
}

/**
 * Every link of the account goes that was not used yet, but for its owner's ways back. Of those only the ones go that take
 * back what was done at `waysBackSince` or later.
 */
export async function revokeLinksOf(
  queries: Queries,
  customerId: string,
  { waysBackSince }: { readonly waysBackSince?: Date } = {},
): Promise<void> {
  await queries
    .deleteFrom('one_time_tokens')
    .where('subject', '=', customerId)
    .where('used_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('purpose', 'not in', WAYS_BACK),
        ...(waysBackSince === undefined ? [] : [eb('since', '>=', waysBackSince)]),
      ]),
    )
    .execute();
}

async function isTakenBack(queries: Queries, subject: string, since: Date): Promise<boolean> {
  const used = queries.selectFrom('one_time_tokens').select('token_hash').where('subject', '=', subject);
  const further = used.where('purpose', '=', 'restore-email').where('since', '<=', since);
  return (await further.where('used_at', 'is not', null).executeTakeFirst()) !== undefined;
}

function factsOf(row: { readonly subject: string; readonly facts_json: string; readonly since: Date | null }) {
  const { subject, since } = row;
  return { subject, facts: readTexts(row.facts_json), ...(since === null ? {} : { since }) };
}
