import type { PasskeyChecks } from '../adapters/crypto/passkeys.ts';
import type { PasskeyRepository } from '../adapters/mysql/passkeys.ts';
import { AppError } from '../domain/errors.ts';
import { originOfSession } from '../domain/origin.ts';
import { MOST_PASSKEYS, parsePasskeyName, tooManyPasskeys } from '../domain/passkey.ts';
import { newId } from '../lib/new-id.ts';
import type { PasskeyServices } from '../web/services/passkeys.ts';
import { freshSessionOf, sessionOf } from './fresh-session.ts';
import { takeOrRefuse } from './limits.ts';
import { createPasskeyLogIn, type PasskeyLogInDeps, proveByPasskey } from './passkey-log-in.ts';
import { createPasskeyQuestions } from './passkey-questions.ts';
import { readNewPasskeyAnswer, readPasskeyAnswer } from './read-passkey-answer.ts';
import { addFactor, type SecondFactorDeps } from './second-factors.ts';

export interface PasskeyDeps extends PasskeyLogInDeps, Pick<SecondFactorDeps, 'recoveryCodes' | 'publicUrl'> {
  readonly checks: PasskeyChecks;
  readonly passkeys: PasskeyRepository;
  readonly factors: SecondFactorDeps['factors'];
}

/** Passkeys of an account: added, named, and shown in place of a password or code. See `PasskeyServices`. */
export function createPasskeys(deps: PasskeyDeps): PasskeyServices {
  const { checks, passkeys, factors, tokens, now } = deps;
  const questions = createPasskeyQuestions(deps);

  return {
    ...createPasskeyLogIn(deps),

    async askForNewPasskey({ token, name }) {
      const { id: sessionId, customerId, email } = await freshSessionOf(deps, token);
      parsePasskeyName(name);
      const known = await passkeys.listOf(customerId);
      if (known.length >= MOST_PASSKEYS) throw tooManyPasskeys();
      const question = await questions.make({ purpose: 'passkey-new', sessionId });
      return { question, options: await checks.askForNew({ challenge: question, customerId, email, known }) };
    },

    async addPasskey({ token, question, name: typed, answer: text }, visitor) {
      const session = await freshSessionOf(deps, token);
      const name = parsePasskeyName(typed);
      await questions.useUp(question, { purpose: 'passkey-new', sessionId: session.id });
      const answer = readNewPasskeyAnswer(text);
      const { publicKey, counter } = await checks.checkNew(question, answer);
      const transportsJson = JSON.stringify(answer.response.transports);
      const factor = { kind: 'passkey', id: newId('pky'), credentialId: answer.id, publicKey, counter } as const;
      return addFactor(deps, {
        session,
        visitor,
        factor: { ...factor, transportsJson, name },
        words: `the passkey “${name}”`,
      });
    },

    async renamePasskey({ token, id, name }, visitor) {
      const session = await sessionOf(deps, token);
      const { customerId } = session;
      const origin = originOfSession(session, visitor);
      await passkeys.rename({ id, customerId, name: parsePasskeyName(name), origin, now: now() });
    },

    async askForProof(token) {
      const { id: sessionId, customerId } = await sessionOf(deps, token);
      const known = await passkeys.listOf(customerId);
      if (known.length === 0) throw new AppError('passkey_refused', `${customerId} has no passkey.`);
      const question = await questions.make({ purpose: 'passkey-proof', sessionId });
      return { question, options: await checks.askForUse({ challenge: question, known }) };
    },

    async proveWithPasskey({ token, question, answer: text }, visitor) {
      const session = await sessionOf(deps, token);
      const { id: sessionId, customerId } = session;
      await takeOrRefuse(deps.limits, 'codes-of-session', sessionId, 'proofs in one session');
      await questions.useUp(question, { purpose: 'passkey-proof', sessionId });
      const answer = readPasskeyAnswer(text);
      const passkey = await passkeys.findByCredential(answer.id);
      if (passkey?.customerId !== customerId) {
        throw new AppError('passkey_refused', `The passkey is none of ${customerId}.`);
      }
      const renewed = tokens.make();
      const origin = originOfSession(session, visitor);
      await proveByPasskey(deps, { passkey, question, answer, origin }, (use) =>
        factors.prove({
          customerId,
          use,
          origin,
          sessionId,
          oldTokenHash: tokens.digestOf(token),
          newTokenHash: tokens.digestOf(renewed),
          now: now(),
        }),
      );
      await deps.limits.clear('codes-of-session', sessionId);
      return { token: renewed };
    },
  };
}
