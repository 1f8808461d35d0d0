import type { FooterLinks } from '../domain/footer-links.ts';
import type { Origin } from '../domain/origin.ts';
import type { RunKind } from '../domain/run.ts';
import type { ShopBeginnings, ShopStartTexts } from '../domain/shop-settings.ts';
import type { Plan, PlatformName } from '../domain/store.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { Credentials } from '../stores/read-credentials.ts';
import type { AccessService } from './services/access.ts';
import type { AccountDataServices } from './services/account-data.ts';
import type { AccountServices, Visitor } from './services/accounts.ts';
import type { ActingServices } from './services/acting.ts';
import type { AnswerServices } from './services/answers.ts';
import type { DeskServices } from './services/desk.ts';
import type { DomainServices } from './services/domains.ts';
import type { FindServices } from './services/find.ts';
import type { LedgerServices } from './services/ledger.ts';
import type { LifeServices } from './services/life.ts';
import type { LogsService } from './services/logs.ts';
import type { MailServices } from './services/mail.ts';
import type { SecurityServices } from './services/security.ts';
import type { SettingsServices } from './services/settings.ts';
import type { TokenServices } from './services/tokens.ts';
import type { WebhookServices } from './services/webhooks.ts';

export type { SecondStepWanted, Session, SignedIn, SignUpInput, Visitor } from './services/accounts.ts';

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

/** A new password, as it is typed. */
export interface PasswordLook {
  readonly password: string;
  /** What it is for, as far as that is known; may be empty. */
  readonly email: string;
  readonly storeName: string;
}

/** What the judge of new passwords says of one, without a word of it. */
export interface PasswordAnswer {
  readonly isAccepted: boolean;
  readonly sentence: string;
}

/** Everything the page of one store shows. */
export interface StoreDetails {
  readonly store: StoreView;
  /** The customer's own domain from the form, to be connected later. */
  readonly wishedDomain: string | null;
  /** Kind of the run that `store.run` tells of. */
  readonly runKind: RunKind | null;
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

/** A store that somebody wants; nothing of it has been looked at. */
export interface StoreOrder {
  readonly customerId: string;
  readonly name: string;
  readonly start: ShopStartTexts;
  readonly platform: string;
  readonly plan?: string | undefined;
  readonly domain?: string | undefined;
  /** Of the request, where it has one. */
  readonly key?: string | undefined;
  readonly origin: Origin;
}

/** One of a customer's stores, for going from one to the other. */
export interface StoreSibling {
  readonly id: string;
  readonly name: string;
}

/** What is left of the calls that a caller has in a minute. */
export interface Turn {
  readonly isAllowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Then all of them are to be had again. */
  readonly resetMs: number;
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
    /** The mail address of whoever helps customers; `null` where the operator names none. */
    readonly support: string | null;
    /** What new shops begin with where nobody says otherwise. */
    readonly shopDefaults: ShopBeginnings;
    /** The languages that a new shop of each platform can begin in. */
    readonly startLocales: Readonly<Record<PlatformName, readonly string[]>>;
    /** What to agree to before signing up; `null` where the operator names none. */
    readonly termsUrl: string | null;
    /** What the foot of every page leads to. */
    readonly links: FooterLinks;
  };
  readonly accounts: AccountServices;
  readonly accountData: AccountDataServices;
  readonly security: SecurityServices;
  readonly tokens: TokenServices;
  readonly answers: AnswerServices;
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
    /**
     * Another store for somebody who is known already: it will be made, whatever crashes. The same `key` again is the
     * same store. Returns its id. Throws `InvalidFormError` by the order's field names, `name_taken`, `too_many_stores`,
     * `email_unverified` for a second one, `not_allowed_now` for an account that is to go, `sign_ups_closed`,
     * `too_many_tries`, …_exhausted.
     */
    order(order: StoreOrder): Promise<string>;
    /** A failed store goes on where it stopped. Throws `not_allowed_now`, `not_found`. */
    retry(customerId: string, storeId: string, origin: Origin): Promise<void>;
    /**
     * The worker unseals them, once it has seen that the session is the owner's and its password was given within the
     * last five minutes. Throws `step_up_required`, `not_allowed_now` while the shop is being made, `worker_unavailable`.
     */
    credentials(token: string, storeId: string, visitor: Visitor): Promise<Credentials>;
  };
  readonly domains: DomainServices;
  readonly life: LifeServices;
  readonly settings: SettingsServices;
  readonly progress: {
    /** Events after `afterId`, as they happen, until the run has ended or the signal aborts. */
    follow(storeId: string, afterId: number, signal: AbortSignal): AsyncIterable<ProgressEvent>;
  };
  readonly ledger: LedgerServices;
  readonly desk: DeskServices;
  readonly acting: ActingServices;
  /** Where somebody may want to go. */
  readonly find: FindServices['find'];
  /** What operators tell everybody, on top of every page; empty: nothing. */
  readonly banner: () => Promise<string>;
  readonly logs: LogsService;
  readonly access: AccessService;
  readonly webhooks: WebhookServices;
  readonly mail: MailServices;
  /**
   * Counts a call of a program or browser, by the id of its token or session and by whose it is, and once more what is no
   * mere look; tells the tightest count.
   */
  readonly takeTurn: (
    caller: { readonly id: string; readonly customerId: string },
    call: { readonly isWrite: boolean },
  ) => Promise<Turn>;
  /** Counts somebody whom the API lets in nowhere, by where they come from. Throws `too_many_tries`. */
  readonly countRefusal: (address: string) => Promise<void>;
  readonly offer: () => Promise<Offer>;
  /** Throws `too_many_tries` for whoever asks without end. */
  readonly checkName: (text: string, visitor: Visitor) => Promise<NameAnswer>;
  /** Would this be taken as a new password? It is kept and logged nowhere. Throws `too_many_tries`. */
  readonly lookAtPassword: (look: PasswordLook, visitor: Visitor) => Promise<PasswordAnswer>;
}
