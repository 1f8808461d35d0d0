import { duplicateKeyOf } from './database-errors.ts';
import type { Database } from './open-database.ts';

export type KeptAnswerRepository = ReturnType<typeof createKeptAnswerRepository>;

/** Under which key of whom something is asked. */
export interface AnswerKey {
  readonly customerId: string;
  /** SHA-256 of the key, in hex. */
  readonly keyHash: string;
}

export interface AnswerClaim extends AnswerKey {
  /** SHA-256 of all that is asked, in hex. */
  readonly fingerprint: string;
  /** Who answers it: the request's id. */
  readonly claimedBy: string;
  readonly claimedUntil: Date;
  readonly expiresAt: Date;
}

export interface KeptRow {
  readonly fingerprint: string;
  readonly claimedBy: string;
  readonly claimedUntil: Date;
  readonly expiresAt: Date;
  /** `null` while somebody is at it. */
  readonly status: number | null;
  readonly body: string | null;
}

const MANY = 500;

/** What was answered to requests that may come again. */
export function createKeptAnswerRepository(db: Database) {
  const deleteClaim = ({ customerId, keyHash, claimedBy }: AnswerKey & { claimedBy: string }) =>
    db.kysely
      .deleteFrom('kept_answers')
      .where('customer_id', '=', customerId)
      .where('key_hash', '=', keyHash)
      .where('claimed_by', '=', claimedBy);

  return {
    /** Of any number at once one gets true. */
    async claim(claim: AnswerClaim): Promise<boolean> {
      try {
        await db.kysely
          .insertInto('kept_answers')
          .values({
            customer_id: claim.customerId,
            key_hash: claim.keyHash,
            fingerprint: claim.fingerprint,
            claimed_by: claim.claimedBy,
            claimed_until: claim.claimedUntil,
            expires_at: claim.expiresAt,
          })
          .execute();
        return true;
      } catch (thrown) {
        if (duplicateKeyOf(thrown) === undefined) throw thrown;
        return false;
      }
    },

    async find({ customerId, keyHash }: AnswerKey): Promise<KeptRow | undefined> {
      const row = await db.kysely
        .selectFrom('kept_answers')
        .select(['fingerprint', 'claimed_by', 'claimed_until', 'expires_at', 'status', 'body_text'])
        .where('customer_id', '=', customerId)
        .where('key_hash', '=', keyHash)
        .executeTakeFirst();
      return (
        row && {
          fingerprint: row.fingerprint,
          claimedBy: row.claimed_by,
          claimedUntil: row.claimed_until,
          expiresAt: row.expires_at,
          status: row.status,
          body: row.body_text,
        }
      );
    },

    /** Does nothing when the claim is somebody else's by now. */
    async keep(
      { customerId, keyHash, claimedBy }: AnswerKey & { claimedBy: string },
      answer: { status: number; body: string | null },
    ) {
      await db.kysely
        .updateTable('kept_answers')
        .set({ status: answer.status, body_text: answer.body })
        .where('customer_id', '=', customerId)
        .where('key_hash', '=', keyHash)
        .where('claimed_by', '=', claimedBy)
        .execute();
    },

    /** The key is free again. Does nothing once it was answered, or when the claim is somebody else's by now. */
    async release(claim: AnswerKey & { claimedBy: string }): Promise<void> {
      await deleteClaim(claim).where('status', 'is', null).execute();
    },

    /** The same for one whose time is over, answered or not. */
    async remove(claim: AnswerKey & { claimedBy: string }): Promise<void> {
      await deleteClaim(claim).execute();
    },

    /** Some of those whose time is over; again until it says that there were none. */
    async removeExpired(now: Date): Promise<number> {
      const over = db.kysely.deleteFrom('kept_answers').where('expires_at', '<=', now).limit(MANY);
      return Number((await over.executeTakeFirst()).numDeletedRows);
    },
  };
}
