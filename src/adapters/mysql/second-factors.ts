import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { MOST_PASSKEYS, tooManyPasskeys } from '../../domain/passkey.ts';
import type { FactorUse, SecondFactorKind, SecondFactors } from '../../domain/second-factor.ts';
import { newId } from '../../lib/new-id.ts';
import type { TellingMail } from './account-changes.ts';
import { revokeTokensOf } from './api-tokens.ts';
import { appendAudit } from './audit.ts';
import { type CheckedAccount, lockAsChecked } from './customers.ts';
import { duplicateKeyOf } from './database-errors.ts';
import { useOneTimeToken } from './one-time-tokens.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { removeFactors } from './remove-factors.ts';
import { endSessionsOf, insertSession, type NewSession, requireSession } from './sessions.ts';
import { inTransaction, type Queries, type Tx } from './transactions.ts';
import { useFactor } from './use-factor.ts';

export type SecondFactorRepository = ReturnType<typeof createSecondFactorRepository>;

/** Who changes what an account signs in with, from where, and what its owner is told if it holds. */
export interface FactorChange {
  readonly customerId: string;
  /** Where it is done; every other session of the account ends. */
  readonly sessionId: string;
  readonly origin: Origin;
  readonly mail: TellingMail;
  readonly now: Date;
}

/** A factor as it is to be kept. */
export type NewFactor =
  | { readonly kind: 'totp'; readonly keyId: string; readonly sealed: string; readonly step: number }
  | {
      readonly kind: 'passkey';
      readonly id: string;
      readonly credentialId: string;
      readonly publicKey: string;
      readonly counter: number;
      readonly transportsJson: string;
      readonly name: string;
    };

/** Facts about the use of a factor, besides the factor itself. */
interface Use {
  readonly customerId: string;
  readonly use: FactorUse;
  readonly origin: Origin;
  /** What the owner reads where a recovery code was used, `left` being how many remain; no other proof is told of. */
  readonly mailOf?: (left: number) => FactorChange['mail'];
  readonly now: Date;
}

/** What an account asks for besides the password, and what follows from each change of it: in one transaction each. */
export function createSecondFactorRepository(db: Database) {
  return {
    async summary(customerId: string): Promise<SecondFactors> {
      const [totp, passkeys, recoveryCodesLeft] = await Promise.all([
        db.kysely
          .selectFrom('totp_factors')
          .select('created_at')
          .where('customer_id', '=', customerId)
          .executeTakeFirst(),
        db.kysely
          .selectFrom('passkeys')
          .select(['id', 'name', 'created_at', 'used_at'])
          .where('customer_id', '=', customerId)
          .orderBy('created_at')
          .orderBy('id')
          .execute(),
        countRecoveryCodes(db.kysely, customerId),
      ]);
      return {
        totpSince: totp?.created_at ?? null,
        passkeys: passkeys.map((row) => ({
          id: row.id,
          name: row.name,
          createdAt: row.created_at,
          usedAt: row.used_at,
        })),
        recoveryCodesLeft,
      };
    },

    /** The sealed secret of the account's authenticator app. */
    async findTotp(customerId: string): Promise<string | undefined> {
      const query = db.kysely.selectFrom('totp_factors').select('sealed').where('customer_id', '=', customerId);
      return (await query.executeTakeFirst())?.sealed;
    },

    /**
     * The account has another factor; with its first one the recovery codes of `codeHashes` begin to count, and true is
     * returned. Throws `not_signed_in` when the session has ended meanwhile, `not_allowed_now` where that authenticator is
     * there already, `InvalidInputError` where there are as many passkeys as there may be.
     */
    add: (change: FactorChange & { readonly factor: NewFactor; readonly codeHashes: readonly string[] }) =>
      inTransaction(db, async (tx): Promise<boolean> => {
        const { customerId, factor, now } = change;
        await lockForChange(tx, change);
        const areFirst = (await countFactors(tx, customerId)) === 0;
        if (factor.kind === 'passkey' && (await countIn(tx, 'passkeys', customerId)) >= MOST_PASSKEYS) {
          throw tooManyPasskeys();
        }
        await insertFactor(tx, customerId, factor, now);
        if (areFirst) await replaceRecoveryCodes(tx, customerId, change.codeHashes, now);
        await follow(tx, 'second_factor.added', change, factorFacts(factor.kind, factor));
        return areFirst;
      }),

    /**
     * Takes one away; with the last one the recovery codes go too. Throws `not_found`, `not_signed_in`, and
     * `not_allowed_now` for the last one where the account needs one.
     */
    remove: (
      change: FactorChange & {
        readonly factor: { readonly kind: 'totp' } | { readonly kind: 'passkey'; readonly id: string };
        readonly needsOne: boolean;
      },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { customerId, factor } = change;
        await lockForChange(tx, change);
        const removed =
          factor.kind === 'totp'
            ? await tx.deleteFrom('totp_factors').where('customer_id', '=', customerId).executeTakeFirst()
            : await tx
                .deleteFrom('passkeys')
                .where('customer_id', '=', customerId)
                .where('id', '=', factor.id)
                .executeTakeFirst();
        if (removed.numDeletedRows === 0n) {
          throw new NotFoundError('second factor', factor.kind === 'totp' ? 'totp' : factor.id);
        }
        if ((await countFactors(tx, customerId)) === 0) {
          if (change.needsOne) throw new AppError('not_allowed_now', 'An operator needs a second factor.');
          await tx.deleteFrom('recovery_codes').where('customer_id', '=', customerId).execute();
        }
        await follow(tx, 'second_factor.removed', change, factorFacts(factor.kind, factor));
      }),

    /**
     * The codes from before open nothing any more. Throws `not_signed_in`, and `not_allowed_now` for an account without a
     * second factor.
     */
    renewRecoveryCodes: (
      change: Omit<FactorChange, 'mail'> & { readonly codeHashes: readonly string[] },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { customerId, origin, now } = change;
        await lockForChange(tx, change);
        if ((await countFactors(tx, customerId)) === 0) {
          throw new AppError('not_allowed_now', 'Recovery codes stand in for a second factor, and there is none.');
        }
        await replaceRecoveryCodes(tx, customerId, change.codeHashes, now);
        await appendAudit(tx, {
          ...origin,
          action: 'recovery_codes.renewed',
          target: customerId,
          details: {},
          at: now,
        });
      }),

    /** Everything besides the password goes, and everybody is signed out. False when there was nothing. Throws `not_found`. */
    reset: (change: Omit<FactorChange, 'sessionId'>): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const { customerId, origin, mail, now } = change;
        await lockAccount(tx, customerId);
        if ((await countFactors(tx, customerId)) === 0) return false;
        await removeFactors(tx, customerId);
        const endedSessions = await endSessionsOf(tx, customerId);
        // One that somebody else has made would wake with the next factor.
        const details = { endedSessions, revokedTokens: await revokeTokensOf(tx, customerId) };
        await appendAudit(tx, { ...origin, action: 'second_factor.reset', target: customerId, details, at: now });
        await tell(tx, mail, now);
        return true;
      }),

    /**
     * A session begins by the proof; `pendingHash` is the pending sign-in that ends with it, if there is one. Throws
     * `wrong_code`, `passkey_refused`, `link_invalid` when the pending one is over or the account not as it was checked.
     */
    signIn: (
      request: Omit<Use, 'customerId'> & {
        readonly account: CheckedAccount;
        readonly session: NewSession;
        readonly pendingHash: string | undefined;
      },
    ): Promise<string> =>
      inTransaction(db, async (tx) => {
        const { account, pendingHash, now } = request;
        if (!(await lockAsChecked(tx, account))) {
          throw new AppError('link_invalid', `What ${account.id} signs in with has changed since it was checked.`);
        }
        if (pendingHash !== undefined)
          await useOneTimeToken(tx, { tokenHash: pendingHash, purpose: 'second-step', now });
        await useUp(tx, { ...request, customerId: account.id });
        return insertSession(tx, account.id, request.session, { by: request.use.kind });
      }),

    /** The session's proof is fresh again, and it goes on under another token. Throws as `signIn`, and `not_signed_in`. */
    prove: (
      request: Use & { readonly sessionId: string; readonly oldTokenHash: string; readonly newTokenHash: string },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { customerId, origin, now } = request;
        await useUp(tx, request);
        const { numUpdatedRows } = await tx
          .updateTable('sessions')
          .set({ token_hash: request.newTokenHash, proven_at: now, seen_at: now })
          .where('id', '=', request.sessionId)
          .where('token_hash', '=', request.oldTokenHash)
          // Who acts as somebody else proves nothing.
          .where('impersonator_session', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw new AppError('not_signed_in', 'The session has ended meanwhile.');
        const details = { by: request.use.kind };
        await appendAudit(tx, { ...origin, action: 'session.proven', target: customerId, details, at: now });
      }),
  };
}

async function useUp(tx: Tx, { customerId, use, origin, mailOf, now }: Use): Promise<void> {
  await useFactor(tx, customerId, use, now);
  if (use.kind !== 'recovery') return;
  const left = await countRecoveryCodes(tx, customerId);
  await appendAudit(tx, { ...origin, action: 'recovery_code.used', target: customerId, details: { left }, at: now });
  if (mailOf !== undefined) await tell(tx, mailOf(left), now);
}

/** Nobody adds to an account, nor takes from it, in a session that its owner's reset has just ended. Throws `not_signed_in`. */
async function lockForChange(tx: Tx, change: Pick<FactorChange, 'customerId' | 'sessionId'>): Promise<void> {
  await lockAccount(tx, change.customerId);
  await requireSession(tx, change);
}

/** Whoever changes an account's factors waits for whoever does already. */
async function lockAccount(tx: Tx, customerId: string): Promise<void> {
  const query = tx.selectFrom('customers').select('id').where('id', '=', customerId).forUpdate();
  if ((await query.executeTakeFirst()) === undefined) throw new NotFoundError('customer', customerId);
}

async function insertFactor(tx: Tx, customerId: string, factor: NewFactor, now: Date): Promise<void> {
  const row = { customer_id: customerId, created_at: now };
  try {
    if (factor.kind === 'totp') {
      const { keyId, sealed, step } = factor;
      await tx
        .insertInto('totp_factors')
        .values({ ...row, key_id: keyId, sealed, last_step: step })
        .execute();
    } else {
      const { id, credentialId, publicKey, counter, transportsJson, name } = factor;
      const columns = { credential_id: credentialId, public_key: publicKey, transports_json: transportsJson };
      await tx
        .insertInto('passkeys')
        .values({ ...row, ...columns, id, counter, name })
        .execute();
    }
  } catch (thrown) {
    if (duplicateKeyOf(thrown) === undefined) throw thrown;
    throw new AppError('not_allowed_now', 'This second factor is there already.', { cause: thrown });
  }
}

async function countFactors(queries: Queries, customerId: string): Promise<number> {
  return (await countIn(queries, 'totp_factors', customerId)) + (await countIn(queries, 'passkeys', customerId));
}

async function countIn(queries: Queries, table: 'totp_factors' | 'passkeys', customerId: string): Promise<number> {
  const { count } = await queries
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('customer_id', '=', customerId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countRecoveryCodes(queries: Queries, customerId: string): Promise<number> {
  const { count } = await queries
    .selectFrom('recovery_codes')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('customer_id', '=', customerId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function replaceRecoveryCodes(tx: Tx, customerId: string, hashes: readonly string[], now: Date): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('customer_id', '=', customerId).execute();
  await tx
    .insertInto('recovery_codes')
    .values(hashes.map((hash) => ({ customer_id: customerId, code_hash: hash, created_at: now })))
    .execute();
}

function factorFacts(kind: SecondFactorKind, factor: object): Readonly<Record<string, unknown>> {
  return 'id' in factor ? { kind, passkey: factor.id } : { kind };
}

async function follow(
  tx: Tx,
  action: string,
  { customerId, sessionId, origin, mail, now }: FactorChange,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  const details = { ...facts, endedSessions: await endSessionsOf(tx, customerId, { except: sessionId }) };
  await appendAudit(tx, { ...origin, action, target: customerId, details, at: now });
  await tell(tx, mail, now);
}

async function tell(tx: Tx, { recipient, kind, payload }: FactorChange['mail'], now: Date): Promise<void> {
  await insertMail(tx, { uniqueKey: `${kind}:${newId('msg')}`, storeId: null, recipient, kind, payload, now });
}
