import type { Plan, PlatformName } from '../domain/store.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { Credentials } from '../stores/read-credentials.ts';
import type { DeskService } from './services/desk.ts';

/** Whoever asks, as far as our own edge vouches for it; a client's own headers never say this. */
export interface Visitor {
  /** IPv4, or an IPv6 address. */
  readonly address: string;
  readonly userAgent: string;
  /** The value of the device cookie: proof of an earlier sign-in from this browser, if it holds. */
  readonly device: string | undefined;
}

/** A person who is signed in. */
export interface Session {
  readonly customerId: string;
  readonly email: string;
  readonly role: 'customer' | 'operator';
  /** When the password was last given; credentials need it to be recent. */
  readonly provenAt: Date;
}

/** What a browser is to keep after signing in: the session's token and the proof that it has been here. */
export interface SignedIn {
  readonly token: string;
  readonly device: string;
}

export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly storeName: string;
  readonly platform: string;
  readonly domain?: string | undefined;
  readonly plan?: string | undefined;
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

/** What can be had here at the moment; refreshed by the worker, read from MySQL. */
export interface Offer {
  readonly platforms: readonly PlatformOffer[];
  readonly plans: readonly Plan[];
  /** One sentence for visitors when nobody can sign up now; `null` while everybody can. */
  readonly closed: string | null;
}

export interface PlatformOffer {
  readonly name: PlatformName;
  /** Why it cannot be chosen here, a sentence for visitors; `null` when it can. */
  readonly unavailable: string | null;
  /** From past stores of the platform: the median time from the form to the open shop; `null` before there was one. */
  readonly usuallyMs: number | null;
  /** The least memory that its plan must have, in MB. */
  readonly leastMemoryMb: number;
}

/** A name somebody would like to have. */
export interface NameAnswer {
  readonly name: string;
  /** `shop.example.net`, with the port where the edge has an unusual one: what the address bar will show. */
  readonly host: string;
  readonly available: boolean;
  /** Why not, a sentence; `null` when it is available. */
  readonly reason: string | null;
  /** Names like it that can be had. */
  readonly suggestions: readonly string[];
}

/** Everything the page of one store shows. */
export interface StoreDetails {
  readonly store: StoreView;
  /** The customer's own domain from the form, to be connected later. */
  readonly wishedDomain: string | null;
  /** Kind of the run that `store.run` tells of. */
  readonly runKind: 'provision' | 'repair' | 'teardown' | null;
  /** While the run waits to be taken: who is before it, and for how long that usually takes. */
  readonly queue: { readonly position: number; readonly waitMs: number | null } | null;
  /** By step: the median of past stores of this platform; absent where there is none. */
  readonly usualMs: Readonly<Record<string, number>>;
  /** What remains of the run by those medians; `null` when nothing is known or nothing runs. */
  readonly remainingMs: number | null;
  /** By step: the end of what it printed. */
  readonly logs: Readonly<Record<string, string>>;
  /** What its owner should know before the first sign-in to the administration; sentences, mostly none. */
  readonly adminNotes: readonly string[];
  /** Of a failed store: for its owner, in plain words. */
  readonly failure: FailureView | null;
  /** The last event that this answer includes; listening goes on behind it. */
  readonly lastEventId: number;
}

export interface FailureView {
  /** The sentence for customers. */
  readonly sentence: string;
  readonly likelyCause: string;
  readonly whatWeTried: string;
  readonly canRetry: boolean;
  /** What to tell the support. */
  readonly reference: string;
}

/** One of a customer's stores, for going from one to the other. */
export interface StoreSibling {
  readonly id: string;
  readonly name: string;
}

/** One event of a store's story, as it goes over the wire. */
export interface ProgressEvent {
  readonly id: number;
  readonly runId: string;
  readonly step: string | null;
  readonly title: string | null;
  readonly kind: string;
  readonly at: string;
}

/**
 * Everything that pages and the JSON API may do. Each is a feature's function with what it needs already in it; none
 * touches the engine, tenants' files or a sealing key. Wrong input throws `InvalidInputError` or `InvalidFormError`,
 * somebody else's store is `not_found`.
 */
export interface WebServices {
  readonly facts: {
    readonly version: string;
    /** Ends in `/`. */
    readonly publicUrl: string;
    readonly baseDomain: string;
    /** What follows a store's name in the address bar, e.g. `.localhost:8443`. */
    readonly hostSuffix: string;
  };
  readonly accounts: {
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
     * The session that the browser had under `token` ends with the beginning of the new one. Throws `wrong_credentials`
     * (whatever is wrong; the old session then goes on), `too_many_tries`.
     */
    logIn(
      input: { readonly email: string; readonly password: string; readonly token: string | undefined },
      visitor: Visitor,
    ): Promise<SignedIn>;
    /** Step-up: the password once more. The session gets a new token. Throws `wrong_credentials`, `too_many_tries`, `not_signed_in`. */
    proveAgain(
      input: { readonly token: string; readonly password: string },
      visitor: Visitor,
    ): Promise<{ readonly token: string }>;
    /** Nothing happens when it had ended already. */
    logOut(token: string): Promise<void>;
    /** Also moves the idle end on. `undefined` for a token that is none, or no longer. */
    findSession(token: string): Promise<Session | undefined>;
  };
  readonly stores: {
    /** Newest first. */
    list(customerId: string): Promise<readonly StoreView[]>;
    /** The names of all of them, by name. */
    siblings(customerId: string): Promise<readonly StoreSibling[]>;
    /** `undefined` for somebody without a store. */
    newest(customerId: string): Promise<StoreView | undefined>;
    /** The store object alone. Throws `not_found`, also for somebody else's. */
    view(customerId: string, storeId: string): Promise<StoreView>;
    /** All that its page shows. Throws as `view` does. */
    get(customerId: string, storeId: string): Promise<StoreDetails>;
    /** A failed store goes on where it stopped. Throws `not_allowed_now`, `not_found`. */
    retry(customerId: string, storeId: string): Promise<void>;
    /**
     * The worker unseals them, once it has seen that the session is the owner's and its password was given within the
     * last five minutes. Throws `step_up_required`, `not_allowed_now` while the shop is being made, `worker_unavailable`.
     */
    credentials(token: string, storeId: string): Promise<Credentials>;
  };
  readonly progress: {
    /** Events after `afterId`, as they happen, until the run has ended or the signal aborts. */
    follow(storeId: string, afterId: number, signal: AbortSignal): AsyncIterable<ProgressEvent>;
  };
  readonly desk: DeskService;
  readonly offer: () => Promise<Offer>;
  /** Throws `too_many_tries` for whoever asks without end. */
  readonly checkName: (text: string, visitor: Visitor) => Promise<NameAnswer>;
}
