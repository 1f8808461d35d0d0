import type { OneTimeTokenRepository } from '../adapters/mysql/one-time-tokens.ts';
import { AppError } from '../domain/errors.ts';
import type { TokenPurpose } from '../domain/one-time-token.ts';
import { MINUTE } from '../lib/time.ts';

/** For so long a passkey may answer. */
export const ANSWER_WITHIN_MS = 5 * MINUTE;

export interface PasskeyQuestionDeps {
  readonly oneTime: Pick<OneTimeTokenRepository, 'issue' | 'use'>;
  readonly tokens: { make(): string; digestOf(token: string): string };
  readonly now: () => Date;
}

type Purpose = Extract<TokenPurpose, `passkey-${string}`>;

/** In a session an answer counts in that one alone; before a log-in, in the browser that keeps the question. */
type Asked = { readonly purpose: Purpose; readonly sessionId?: string };

/**
 * Questions to passkeys: what one has to sign is a token that the browser keeps as a cookie and we as a digest. It is
 * good for one answer, right or wrong, and for five minutes.
 */
export function createPasskeyQuestions({ oneTime, tokens, now }: PasskeyQuestionDeps) {
  return {
    async make({ purpose, sessionId }: Asked): Promise<string> {
      const question = tokens.make();
      const tokenHash = tokens.digestOf(question);
      const expiresAt = new Date(now().getTime() + ANSWER_WITHIN_MS);
      // A session's newest question is its only one; of those who are nobody yet each has their own.
      await oneTime.issue({ tokenHash, purpose, subject: sessionId ?? tokenHash, facts: {}, now: now(), expiresAt });
      return question;
    },

    /** Of any number of answers at once one gets on. Throws `passkey_refused` for all others, and in another session. */
    async useUp(question: string, { purpose, sessionId }: Asked): Promise<void> {
      const tokenHash = tokens.digestOf(question);
      const { subject } = await oneTime.use({ tokenHash, purpose, now: now() }).catch(asRefused);
      if (subject !== (sessionId ?? tokenHash)) {
        throw new AppError('passkey_refused', `The question was asked in ${subject}, and answered in ${sessionId}.`);
      }
    },
  };
}

/** A question that is over, or an account that has changed meanwhile, is to the outside no different from a wrong answer. */
export function asRefused(thrown: unknown): never {
  if (!(thrown instanceof AppError) || thrown.code !== 'link_invalid') throw thrown;
  throw new AppError('passkey_refused', thrown.message, { cause: thrown });
}
