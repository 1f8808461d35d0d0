import type { SignedIn, Visitor } from './accounts.ts';

/** What an account asks for besides its password. */
export interface SecondFactorsView {
  /** Since when there is an authenticator app, ISO; `null` without one. */
  readonly totpSince: string | null;
  /** Oldest first. */
  readonly passkeys: readonly PasskeyView[];
  readonly recoveryCodesLeft: number;
}

export interface PasskeyView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** `null` before it was first used. */
  readonly usedAt: string | null;
}

/** What an authenticator app is to take up. Nothing counts before a code of it was shown. */
export interface TotpSetUp {
  /** The secret, sealed for this account: to be sent back with the first code. */
  readonly sealed: string;
  /** The secret for people, in groups of four. */
  readonly key: string;
  /** The same for a camera: one path, dark on light, over a square of `size` units. */
  readonly qr: { readonly size: number; readonly path: string };
}

/** What the second step of a log-in may be done with. */
export interface SecondStep {
  readonly email: string;
  readonly hasTotp: boolean;
  readonly hasPasskey: boolean;
}

/** Codes of authenticator apps and for recovery. */
export interface SecondFactorServices {
  /** Throws `not_signed_in`. */
  secondFactors(token: string): Promise<SecondFactorsView>;
  /** Looks at a log-in whose password was right, without ending it. Throws `link_invalid` when it is over, or none. */
  findSecondStep(pending: string): Promise<SecondStep>;
  /**
   * The code of an app or a recovery code: the session begins, the one that the browser had under `token` ends. Each code
   * works once, however many show it at one moment. Throws `wrong_code`, `too_many_tries`, `link_invalid`.
   */
  finishLogIn(
    input: { readonly pending: string; readonly code: string; readonly token: string | undefined },
    visitor: Visitor,
  ): Promise<SignedIn>;
  /** Step-up by such a code. The session gets a new token. Throws `wrong_code`, `too_many_tries`, `not_signed_in`. */
  proveWithCode(
    input: { readonly token: string; readonly code: string },
    visitor: Visitor,
  ): Promise<{ readonly token: string }>;
  /** A new secret, or the one that `sealed` holds. Throws `step_up_required`, `not_allowed_now` where there is an app already. */
  prepareTotp(input: { readonly token: string; readonly sealed?: string }): Promise<TotpSetUp>;
  /**
   * The app belongs to the account from now on, and every other browser is signed out. `recoveryCodes` are told here and
   * never again; `null` where the account has some already. Throws `wrong_code`, `step_up_required`, `not_allowed_now`,
   * `not_signed_in`, also when the session ends meanwhile.
   */
  addTotp(
    input: { readonly token: string; readonly sealed: string; readonly code: string },
    visitor: Visitor,
  ): Promise<{ readonly recoveryCodes: readonly string[] | null }>;
  /**
   * `factor` is `totp` or a passkey's id. With the last one the recovery codes go too; every other browser is signed out.
   * Throws `step_up_required`, `not_signed_in`, `not_found`, `not_allowed_now` for the last one of an operator.
   */
  removeSecondFactor(input: { readonly token: string; readonly factor: string }, visitor: Visitor): Promise<void>;
  /** New ones, told here and never again; the old ones open nothing any more. Throws `step_up_required`, `not_signed_in`, `not_allowed_now`. */
  renewRecoveryCodes(token: string, visitor: Visitor): Promise<readonly string[]>;
}
