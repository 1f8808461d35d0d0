import type { ShopStartTexts } from '../../domain/shop-settings.ts';

/** Whoever asks, as far as our own edge vouches for it; a client's own headers never say this. */
export interface Visitor {
  /** IPv4, or an IPv6 address. */
  readonly address: string;
  readonly userAgent: string;
  /** The request that they ask in, `req_…`. */
  readonly requestId: string;
  /** The value of the device cookie: proof of an earlier sign-in from this browser, if it holds. */
  readonly device: string | undefined;
}

/** A person who is signed in. */
export interface Session {
  /** `ses_…`; no secret. */
  readonly id: string;
  readonly customerId: string;
  readonly email: string;
  /** Has somebody shown that the address is theirs? (docs/decisions/017) */
  readonly isVerified: boolean;
  /** When the account goes, unless its owner undoes it. */
  readonly deletionAt?: Date | undefined;
  readonly role: 'customer' | 'operator';
  /** Does the account ask for more than its password? Then a password alone is no fresh proof either. */
  readonly hasSecondFactor: boolean;
  /** When they last proved who they are; credentials need it to be recent. */
  readonly provenAt: Date;
  /** The operator who acts as this customer here; absent in everybody's own session. */
  readonly impersonatorId?: string | undefined;
  /** When acting ends by itself. */
  readonly actingUntil?: Date | undefined;
}

/** What a browser is to keep after signing in: the session's token and the proof that it has been here. */
export interface SignedIn {
  readonly token: string;
  readonly device: string;
}

/** The password was right, and there is no session before the second factor was shown: `pending` is for that step. */
export interface SecondStepWanted {
  readonly pending: string;
}

export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly storeName: string;
  readonly platform: string;
  readonly domain?: string | undefined;
  readonly plan?: string | undefined;
  /** What the shop is to begin with. */
  readonly start: ShopStartTexts;
  /** Was the box beside the operator's terms ticked? Asked of new accounts where there are terms. */
  readonly agreesToTerms: boolean;
  /** Made with the form; the same key twice is the same wish, however often it arrives. */
  readonly idempotencyKey: string;
  /**
   * The form was one for a customer who is signed in: `email` is the account's own, and a password that opens no account
   * is refused instead of making one.
   */
  readonly isCustomer: boolean;
  /** The session's token as the browser sent it. */
  readonly token: string | undefined;
}

/** One of several accounts that carry an address nobody has confirmed. */
export interface AccountChoice {
  readonly id: string;
  readonly createdAt: string;
  /** By name. */
  readonly stores: readonly string[];
}

/** Accounts and sessions. */
export interface AccountServices {
  /**
   * Account, store, run, session and mail, in one transaction or not at all. An address that is known already is no
   * different to the outside: the right password adds the store to that account, another one makes a new account.
   * The same wish again (its key, or its name with the same address and password) is the same store, also while nobody
   * can sign up. The session that the browser had ends with the beginning of the new one. Throws `InvalidFormError` by
   * the form's field names (also when something else is wished under an old key: nothing is made, and the form needs a
   * new key), `too_many_tries`, `sign_ups_closed`, …_exhausted.
   */
  signUp(input: SignUpInput, visitor: Visitor): Promise<SignedIn & { readonly storeId: string }>;
  /**
   * The session that the browser had under `token` ends with the beginning of the new one. An account with a second
   * factor gets no session yet. Throws `wrong_credentials` (whatever is wrong; the old session then goes on),
   * `too_many_tries`.
   */
  logIn(
    input: { readonly email: string; readonly password: string; readonly token: string | undefined },
    visitor: Visitor,
  ): Promise<SignedIn | SecondStepWanted>;
  /**
   * Step-up: the password once more. The session gets a new token. Throws `wrong_credentials`, `too_many_tries`,
   * `not_signed_in`, and `second_factor_required` where a password is not enough.
   */
  proveAgain(
    input: { readonly token: string; readonly password: string },
    visitor: Visitor,
  ): Promise<{ readonly token: string }>;
  /** Mails the session's account a link that confirms its address, unless that is done. Throws `too_many_tries`, `not_signed_in`. */
  sendVerification(token: string): Promise<void>;
  /** Looks at a link without using it. `isOwn`: it was made for the session's account. Throws `link_invalid`, `not_signed_in`. */
  findVerification(link: string, token: string): Promise<{ readonly email: string; readonly isOwn: boolean }>;
  /**
   * The address that the link was mailed to is the account's from now on, for good; only a session of that account can
   * do it. When it had another one, both are told and every other browser is signed out. Throws `link_invalid`,
   * `email_held`, `too_many_tries`, `not_signed_in`.
   */
  verifyEmail(
    input: { readonly token: string; readonly link: string },
    visitor: Visitor,
  ): Promise<{ readonly email: string; readonly isChange: boolean }>;
  /**
   * Mails a link to the new address; until it is followed nothing changes. The same answer whoever has that address.
   * Throws `InvalidInputError` (`email`), `step_up_required`, `too_many_tries`, `not_signed_in`.
   */
  changeEmail(
    input: { readonly token: string; readonly email: string },
    visitor: Visitor,
  ): Promise<{ readonly email: string }>;
  /** The address that a link would give back, without using it. Throws `link_invalid`. */
  findRestore(link: string): Promise<{ readonly email: string }>;
  /** The account has its earlier address again, without second factors added since, and everybody is signed out. Throws `link_invalid`, `email_held`. */
  restoreEmail(link: string, visitor: Visitor): Promise<void>;
  /** The second factor that a link would take off, and when it was added, both in words; without using it. Throws `link_invalid`. */
  findDisowned(link: string): Promise<{ readonly factor: string; readonly addedAt: string }>;
  /**
   * That factor is off the account, and so are recovery codes made with it or since; everybody is signed out, the owner
   * told. Throws `link_invalid`, `too_many_tries`.
   */
  disownFactor(link: string, visitor: Visitor): Promise<void>;
  /**
   * A link to a new password goes to the address if an account carries it; the answer is the same if none does. Throws
   * `InvalidInputError` (`email`) for what is no address, `too_many_tries`.
   */
  requestReset(email: string, visitor: Visitor): Promise<void>;
  /** What a link would open, without using it: the accounts to choose from, mostly one. Throws `link_invalid`. */
  findReset(link: string): Promise<{ readonly email: string; readonly accounts: readonly AccountChoice[] }>;
  /**
   * The account has a new password, its address is confirmed, everybody is signed out and the owner told. Throws
   * `link_invalid`, `InvalidInputError` (`password`), `too_many_tries`.
   */
  resetPassword(
    input: { readonly link: string; readonly customerId: string; readonly password: string },
    visitor: Visitor,
  ): Promise<void>;
  /** Nothing happens when it had ended already. */
  logOut(token: string, visitor: Visitor): Promise<void>;
  /** Also moves the idle end on. `undefined` for a token that is none, or no longer. */
  findSession(token: string): Promise<Session | undefined>;
  /** Those of the tokens that open a session still, by one cheap look that counts as nobody's being here. */
  stillOpening(tokens: readonly string[]): Promise<ReadonlySet<string>>;
}
