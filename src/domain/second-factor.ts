/** A kind of proof that somebody who signs in has besides the password. */
export type SecondFactorKind = 'totp' | 'passkey';

/** So many are made at once, and shown once. */
export const RECOVERY_CODES = 10;

/** What an account's owner knows of theirs. */
export interface SecondFactors {
  /** Since when an authenticator app belongs to the account; `null` without one. */
  readonly totpSince: Date | null;
  /** Oldest first. */
  readonly passkeys: readonly Passkey[];
  readonly recoveryCodesLeft: number;
}

export interface Passkey {
  /** `pky_…` */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
}

/** A proof that was checked, as what it uses up. */
export type FactorUse =
  | { readonly kind: 'totp'; readonly step: number }
  | { readonly kind: 'recovery'; readonly codeHash: string }
  | { readonly kind: 'passkey'; readonly id: string; readonly counter: number; readonly newCounter: number };
