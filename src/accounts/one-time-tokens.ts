import type { OneTimeTokenFacts, OneTimeTokenRepository } from '../adapters/mysql/one-time-tokens.ts';
import type { TokenPurpose } from '../domain/one-time-token.ts';

export interface OneTimeTokensDeps {
  readonly repository: Pick<OneTimeTokenRepository, 'issue' | 'find' | 'use' | 'revoke'>;
  readonly tokens: { make(): string; digestOf(token: string): string };
  readonly now: () => Date;
}

export interface TokenOrder {
  readonly purpose: TokenPurpose;
  /** Whom or what it is about: the id of an account or a store. */
  readonly subject: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Of a way back: what was done from then on is taken back. */
  readonly since?: Date | undefined;
  readonly livesMs: number;
}

export type OneTimeTokens = ReturnType<typeof createOneTimeTokens>;

/** Tokens that are mailed or shown, and work once, for a while: 256 bits, of which only the SHA-256 is kept. */
export function createOneTimeTokens({ repository, tokens, now }: OneTimeTokensDeps) {
  const useOf = (token: string, purpose: TokenPurpose) => ({ tokenHash: tokens.digestOf(token), purpose, now: now() });
  return {
    /** The token. An earlier one of the same purpose, subject and `since` is worth nothing from then on. */
    async issue({ purpose, subject, facts = {}, since, livesMs }: TokenOrder): Promise<string> {
      const token = tokens.make();
      const at = now();
      const expiresAt = new Date(at.getTime() + livesMs);
      await repository.issue({ tokenHash: tokens.digestOf(token), purpose, subject, facts, since, now: at, expiresAt });
      return token;
    },

    /** What it is about, without using it: a link that is only looked at stays good. */
    find: (token: string, purpose: TokenPurpose): Promise<OneTimeTokenFacts | undefined> =>
      repository.find(useOf(token, purpose)),

    /** Of any number of tries at once one gets the answer. Throws `link_invalid` for all others. */
    use: (token: string, purpose: TokenPurpose): Promise<OneTimeTokenFacts> => repository.use(useOf(token, purpose)),

    revoke: repository.revoke,
  };
}
