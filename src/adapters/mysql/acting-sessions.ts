import type { Origin } from '../../domain/origin.ts';
import { newId } from '../../lib/new-id.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { inTransaction } from './transactions.ts';

export type ActingSessionRepository = ReturnType<typeof createActingSessionRepository>;

export interface NewActingSession {
  readonly tokenHash: string;
  readonly customerId: string;
  /** The one that the operator has signed in with; the new one ends with it at the latest. */
  readonly operatorSession: string;
  readonly origin: Origin;
  readonly reason: string;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly userAgent: string;
  readonly address: string;
}

/** Nobody has proven that they are the customer: whatever needs a fresh proof is out of reach. */
const NEVER_PROVEN = new Date(0);

/** Sessions in which an operator acts as a customer; each begins and ends with a line that names both. */
export function createActingSessionRepository(db: Database) {
  return {
    async start(session: NewActingSession): Promise<void> {
      const { customerId, origin, now, reason, expiresAt } = session;
      const id = newId('ses');
      await inTransaction(db, async (tx) => {
        await tx
          .insertInto('sessions')
          .values({
            id,
            token_hash: session.tokenHash,
            customer_id: customerId,
            impersonator_session: session.operatorSession,
            created_at: now,
            seen_at: now,
            proven_at: NEVER_PROVEN,
            expires_at: expiresAt,
            user_agent: session.userAgent,
            address: session.address,
          })
          .execute();
        await appendAudit(tx, {
          ...origin,
          action: 'acting.started',
          target: customerId,
          details: { session: id, reason, until: expiresAt.toISOString() },
          at: now,
        });
      });
    },

    /** False when there is no such session, or it is nobody's but its owner's. */
    async end(request: { tokenHash: string; origin: Origin; now: Date }): Promise<boolean> {
      return inTransaction(db, async (tx) => {
        const ended = await tx
          .selectFrom('sessions')
          .select(['id', 'customer_id'])
          .where('token_hash', '=', request.tokenHash)
          .where('impersonator_session', 'is not', null)
          .forUpdate()
          .executeTakeFirst();
        if (ended === undefined) return false;
        await tx.deleteFrom('sessions').where('id', '=', ended.id).execute();
        await appendAudit(tx, {
          ...request.origin,
          action: 'acting.ended',
          target: ended.customer_id,
          details: { session: ended.id },
          at: request.now,
        });
        return true;
      });
    },
  };
}
