import type { QrCode } from '../adapters/crypto/totp.ts';
import type { FactorChange, SecondFactorRepository } from '../adapters/mysql/second-factors.ts';
import { AppError } from '../domain/errors.ts';
import { originOfSession } from '../domain/origin.ts';
import { RECOVERY_CODES, type SecondFactors } from '../domain/second-factor.ts';
import type { SecondFactorServices, SecondFactorsView } from '../web/services/second-factors.ts';
import type { Session, Visitor } from '../web/services.ts';
import { factorChangedMail, recoveryCodeUsedMail } from './factor-mails.ts';
import { freshSessionOf, sessionOf } from './fresh-session.ts';
import { takeOrRefuse } from './limits.ts';
import { proveByCode, totpRowOf } from './prove-by-code.ts';
import { createSecondStep, type SecondStepDeps } from './second-step.ts';

export interface SecondFactorDeps extends SecondStepDeps {
  readonly factors: Omit<SecondFactorRepository, 'reset'>;
  readonly totp: SecondStepDeps['totp'] & { makeSecret(): string; qrCodeOf(secret: string, email: string): QrCode };
  readonly recoveryCodes: SecondStepDeps['recoveryCodes'] & { make(): string };
}

const APP = 'an authenticator app';
const A_PASSKEY = 'a passkey';

/** What an account asks for besides its password. See `SecondFactorServices`. */
export function createSecondFactors(deps: SecondFactorDeps): SecondFactorServices {
  const { factors, sealer, totp, tokens, now } = deps;

  return {
    ...createSecondStep(deps),

    async secondFactors(token) {
      return viewOfFactors(await factors.summary((await sessionOf(deps, token)).customerId));
    },

    async proveWithCode({ token, code }, visitor) {
      const session = await sessionOf(deps, token);
      const { customerId, email, id: sessionId } = session;
      await takeOrRefuse(deps.limits, 'codes-of-session', sessionId, 'codes in one session');
      const renewed = tokens.make();
      const origin = originOfSession(session, visitor);
      await proveByCode(deps, { customerId, typed: code, origin }, (use) =>
        factors.prove({
          customerId,
          use,
          origin,
          sessionId,
          oldTokenHash: tokens.digestOf(token),
          newTokenHash: tokens.digestOf(renewed),
          mailOf: (left) => recoveryCodeUsedMail(deps, email, { left, visitor }),
          now: now(),
        }),
      );
      await deps.limits.clear('codes-of-session', sessionId);
      return { token: renewed };
    },

    async prepareTotp({ token, sealed }) {
      const { customerId, email } = await freshSessionOf(deps, token);
      if ((await factors.findTotp(customerId)) !== undefined) throw appIsThere();
      const secret = sealed === undefined ? totp.makeSecret() : await openSetUp(sealer, sealed, customerId);
      return {
        sealed: sealed ?? (await sealer.seal(secret, setUpRowOf(customerId))).text,
        key: secret.replaceAll(/.{4}(?=.)/g, '$& '),
        qr: totp.qrCodeOf(secret, email),
      };
    },

    async addTotp({ token, sealed: setUp, code }, visitor) {
      const session = await freshSessionOf(deps, token);
      const { customerId } = session;
      await takeOrRefuse(deps.limits, 'codes-of-session', session.id, 'codes in one session');
      const secret = await openSetUp(sealer, setUp, customerId);
      const step = totp.stepOfCode(secret, code, now());
      if (step === undefined) throw new AppError('wrong_code', 'Not a code of the app that is being set up.');
      const { keyId, text: sealed } = await sealer.seal(secret, totpRowOf(customerId));
      return addFactor(deps, { session, visitor, factor: { kind: 'totp', keyId, sealed, step }, words: APP });
    },

    async removeSecondFactor({ token, factor }, visitor) {
      const session = await freshSessionOf(deps, token);
      const { passkeys } = await factors.summary(session.customerId);
      const passkey = passkeys.find(({ id }) => id === factor);
      const words = factor === 'totp' ? APP : passkey === undefined ? A_PASSKEY : `the passkey “${passkey.name}”`;
      await factors.remove({
        ...changeOf(deps, session, visitor, { change: 'removed', words }),
        factor: factor === 'totp' ? { kind: 'totp' } : { kind: 'passkey', id: factor },
        needsOne: session.role === 'operator',
      });
    },

    async renewRecoveryCodes(token, visitor) {
      const session = await freshSessionOf(deps, token);
      const { customerId, id: sessionId } = session;
      const { codes, codeHashes } = makeRecoveryCodes(deps, customerId);
      const origin = originOfSession(session, visitor);
      await factors.renewRecoveryCodes({ customerId, sessionId, origin, codeHashes, now: now() });
      return codes;
    },
  };
}

/** What an account's owner is shown of them: no key, no secret. */
export function viewOfFactors({ totpSince, passkeys, recoveryCodesLeft }: SecondFactors): SecondFactorsView {
  return {
    totpSince: totpSince?.toISOString() ?? null,
    passkeys: passkeys.map(({ id, name, createdAt, usedAt }) => ({
      id,
      name,
      createdAt: createdAt.toISOString(),
      usedAt: usedAt?.toISOString() ?? null,
    })),
    recoveryCodesLeft,
  };
}

/** A checked factor begins to count. The recovery codes that come with the first one are told here and never again. */
export async function addFactor(
  deps: Pick<SecondFactorDeps, 'factors' | 'recoveryCodes' | 'publicUrl' | 'now'>,
  {
    session,
    visitor,
    factor,
    words,
  }: {
    session: Session;
    visitor: Visitor;
    factor: Parameters<SecondFactorRepository['add']>[0]['factor'];
    words: string;
  },
): Promise<{ recoveryCodes: readonly string[] | null }> {
  const { codes, codeHashes } = makeRecoveryCodes(deps, session.customerId);
  const added = factor.kind === 'totp' ? 'totp' : factor.id;
  const change = changeOf(deps, session, visitor, { change: 'added', words, factor: added });
  const areNew = await deps.factors.add({ ...change, factor, codeHashes });
  return { recoveryCodes: areNew ? codes : null };
}

function changeOf(
  deps: Pick<SecondFactorDeps, 'publicUrl' | 'now'>,
  session: Session,
  visitor: Visitor,
  what:
    | { readonly change: 'added'; readonly words: string; readonly factor: string }
    | { readonly change: 'removed'; readonly words: string },
): FactorChange {
  const { customerId, email, id: sessionId } = session;
  const now = deps.now();
  const told = { change: what.change, factor: what.words, visitor };
  const mail =
    what.change === 'added'
      ? { ...told, disowns: { customerId, factor: what.factor, since: now.toISOString() } }
      : told;
  return {
    customerId,
    sessionId,
    origin: originOfSession(session, visitor),
    mail: factorChangedMail(deps, email, mail),
    now,
  };
}

function makeRecoveryCodes({ recoveryCodes }: Pick<SecondFactorDeps, 'recoveryCodes'>, customerId: string) {
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodes.make());
  return { codes, codeHashes: codes.map((code) => recoveryCodes.digestOf(customerId, code)) };
}

/** A secret on its way to an app and back opens for no other account, and is not taken for one that counts. */
const setUpRowOf = (customerId: string) => ({ owner: customerId, name: 'totp-set-up' });

/** What a form sends back may be anything: what is none of ours has no right code. */
async function openSetUp(sealer: SecondFactorDeps['sealer'], sealed: string, customerId: string): Promise<string> {
  try {
    return await sealer.open(sealed, setUpRowOf(customerId));
  } catch (thrown) {
    throw new AppError('wrong_code', 'This is no secret that was made here for this account.', { cause: thrown });
  }
}

function appIsThere(): AppError {
  return new AppError('not_allowed_now', 'The account has an authenticator app already.');
}
