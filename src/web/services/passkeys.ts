import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { SignedIn, Visitor } from './accounts.ts';

/** What a browser is to ask of an authenticator, and the token that it keeps until the answer: good for one, for minutes. */
export interface PasskeyQuestion<Options> {
  readonly question: string;
  readonly options: Options;
}

/** An answer as the browser made it, JSON, to the question that it kept. */
interface PasskeyAnswered {
  readonly question: string;
  readonly answer: string;
}

/**
 * Passkeys: keys that a device keeps and uses once it has seen its owner's finger, face or PIN. One is a password and a
 * second factor in one (docs/decisions/028). Whatever is wrong with an answer, it is `passkey_refused`.
 */
export interface PasskeyServices {
  /** Any passkey of anybody: nothing is asked about an account. Throws `too_many_tries`. */
  askForPasskey(visitor: Visitor): Promise<PasskeyQuestion<PublicKeyCredentialRequestOptionsJSON>>;
  /**
   * The session begins, without a second step; the one that the browser had under `token` ends. Throws `passkey_refused`,
   * `too_many_tries`.
   */
  logInWithPasskey(
    input: PasskeyAnswered & { readonly token: string | undefined },
    visitor: Visitor,
  ): Promise<SignedIn>;
  /** Throws `step_up_required`, `InvalidInputError` (`name`), also where there are as many as there may be. */
  askForNewPasskey(input: {
    readonly token: string;
    readonly name: string;
  }): Promise<PasskeyQuestion<PublicKeyCredentialCreationOptionsJSON>>;
  /**
   * The passkey opens the account from now on, and every other browser is signed out. `recoveryCodes` are told here and
   * never again; `null` where the account has some already. Throws `passkey_refused`, `not_allowed_now` for one that
   * somebody has already, `not_signed_in` when the session ends meanwhile, and as `askForNewPasskey`.
   */
  addPasskey(
    input: PasskeyAnswered & { readonly token: string; readonly name: string },
    visitor: Visitor,
  ): Promise<{ readonly recoveryCodes: readonly string[] | null }>;
  /** Throws `not_found`, also for somebody else's, and `InvalidInputError` (`name`). */
  renamePasskey(
    input: { readonly token: string; readonly id: string; readonly name: string },
    visitor: Visitor,
  ): Promise<void>;
  /** One of the session's own account. Throws `passkey_refused` where it has none, `not_signed_in`. */
  askForProof(token: string): Promise<PasskeyQuestion<PublicKeyCredentialRequestOptionsJSON>>;
  /** Step-up by such a passkey. The session gets a new token. Throws `passkey_refused`, `too_many_tries`, `not_signed_in`. */
  proveWithPasskey(
    input: PasskeyAnswered & { readonly token: string },
    visitor: Visitor,
  ): Promise<{ readonly token: string }>;
}
