import type { AuditRepository } from '../adapters/mysql/audit.ts';
import type { NewSession, SessionRepository, StoredSession } from '../adapters/mysql/sessions.ts';
import type { CustomerRole } from '../domain/customer.ts';
import { originOfSession } from '../domain/origin.ts';
import { readTogether } from '../lib/read-together.ts';
import { DAY, HOUR, MINUTE } from '../lib/time.ts';
import type { Session, Visitor } from '../web/services.ts';

/** How long somebody stays signed in without being seen, and at all. */
const ENDS: Readonly<Record<CustomerRole, { readonly idleMs: number; readonly absoluteMs: number }>> = {
  customer: { idleMs: 12 * HOUR, absoluteMs: 14 * DAY },
  operator: { idleMs: 30 * MINUTE, absoluteMs: 12 * HOUR },
};
/** Being seen is written down this often at most: a page with many requests costs one write. */
const NOTE_EVERY_MS = MINUTE;

export interface SessionDeps {
  readonly sessions: Pick<
    SessionRepository,
    'find' | 'findAll' | 'knownAmong' | 'noteSeen' | 'renew' | 'end' | 'removeEnded'
  >;
  readonly tokens: { make(): string; digestOf(token: string): string };
  readonly audit: Pick<AuditRepository, 'append'>;
  readonly now: () => Date;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Who is signed in: tokens that only browsers keep, and when they end. */
export function createSessions({ sessions, tokens, audit, now }: SessionDeps) {
  /** Of a session that the database knows; one whose time is over ends. */
  async function note(session: StoredSession, tokenHash: string): Promise<Session | undefined> {
    const at = now();
    if (!isLive(session, at)) {
      await sessions.end(tokenHash);
      return undefined;
    }
    const unlessSince = new Date(at.getTime() - NOTE_EVERY_MS);
    if (session.seenAt < unlessSince) await sessions.noteSeen(session.id, at, unlessSince);
    const { id, customerId, email, isVerified, role, hasSecondFactor, provenAt } = session;
    const impersonatorId = session.impersonator?.operatorId ?? undefined;
    const acting = impersonatorId === undefined ? {} : { impersonatorId, actingUntil: session.expiresAt };
    const leaving = session.deletionAt === null ? {} : { deletionAt: session.deletionAt };
    return { id, customerId, email, isVerified, role, hasSecondFactor, provenAt, ...leaving, ...acting };
  }

  return {
    /** A new token, and what is to be kept of it. The session that the browser had under `old`, if any, is to end with it. */
    prepare(
      role: CustomerRole,
      { userAgent, address, requestId }: Visitor,
      old: string | undefined,
    ): { token: string; session: NewSession } {
      const token = tokens.make();
      const at = now();
      const expiresAt = new Date(at.getTime() + ENDS[role].absoluteMs);
      const replaces = old === undefined ? null : tokens.digestOf(old);
      return {
        token,
        session: { tokenHash: tokens.digestOf(token), replaces, now: at, expiresAt, userAgent, address, requestId },
      };
    },

    /** As `WebServices.accounts.findSession`. Each request asks, and a page makes many at once. */
    find: readTogether(async (asked: readonly string[]) => {
      const digests = new Map(asked.map((token) => [token, tokens.digestOf(token)]));
      const found = await sessions.findAll([...digests.values()]);
      return async (token): Promise<Session | undefined> => {
        const digest = digests.get(token) ?? '';
        const session = found.get(digest);
        return session && note(session, digest);
      };
    }),

    /** As `WebServices.accounts.stillOpening`. */
    async stillOpening(asked: readonly string[]): Promise<ReadonlySet<string>> {
      const known = await sessions.knownAmong(asked.map(tokens.digestOf), now());
      return new Set(asked.filter((token) => known.has(tokens.digestOf(token))));
    },

    /** The password was given again: a new token for the session. `undefined` when it has ended meanwhile. */
    async renew(token: string): Promise<string | undefined> {
      const renewed = tokens.make();
      const request = { oldTokenHash: tokens.digestOf(token), newTokenHash: tokens.digestOf(renewed), now: now() };
      return (await sessions.renew(request)) ? renewed : undefined;
    },

    /** Nothing happens when it had ended already. */
    async end(token: string, visitor: Visitor): Promise<void> {
      const digest = tokens.digestOf(token);
      const session = await sessions.find(digest);
      if (session === undefined || !(await sessions.end(digest))) return;
      const { id, customerId } = session;
      const origin = originOfSession(session, visitor);
      const details = { session: id };
      await audit.append({ ...origin, action: 'session.ended', target: customerId, details, at: now() });
    },

    /** Takes away what nobody can use any more; a sign-in's moment is as good as any. */
    async removeEnded(): Promise<void> {
      const at = now();
      await sessions.removeEnded({ now: at, seenBefore: new Date(at.getTime() - ENDS.customer.idleMs) });
    },
  };
}

function isLive({ role, createdAt, seenAt, expiresAt, impersonator }: StoredSession, now: Date): boolean {
  if (impersonator?.operatorId === null) return false;
  const { idleMs, absoluteMs } = ENDS[role];
  // Reckoned anew: whoever has become an operator since has an operator's short day.
  const end = Math.min(expiresAt.getTime(), createdAt.getTime() + absoluteMs, seenAt.getTime() + idleMs);
  return now.getTime() < end;
}
