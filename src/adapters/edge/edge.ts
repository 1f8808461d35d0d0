import type { PageLifetime } from '../../domain/page-cache.ts';

/** What visitors of a host get: the shop itself, or the page that says why not. */
export type RouteState = 'making' | 'live' | 'failed' | 'suspended';

/** One host name that the edge knows. */
export interface Route {
  /** Lower-case ASCII, as `parseDomainName` gives it. */
  readonly hostname: string;
  readonly storeId: string;
  /** The store's web service on loopback. */
  readonly port: number;
  readonly state: RouteState;
  /** The host that visitors of a live shop are sent on to; without it the shop answers under this name. */
  readonly redirectTo?: string | null;
  /** The largest upload in megabytes, where it is not the usual one. */
  readonly uploadMb?: number | null;
  /** How long its pages may be shown without asking the shop; none are kept where it is left out. */
  readonly pageLifetime?: PageLifetime | null;
}

export type LiveRoute = Pick<Route, 'hostname' | 'storeId' | 'port'>;

/** A host that is not served as it should be, and why. All others are. */
export interface RefusedRoute {
  readonly hostname: string;
  readonly reason: string;
}

export interface ApplyResult {
  readonly refused: readonly RefusedRoute[];
  /** Names the configuration in effect; the same routes give the same one. */
  readonly generation: string;
  /** False when the running configuration said all that already. */
  readonly reloaded: boolean;
}

/** Which of our own pages a visitor saw; `live` is whatever the shop itself answered. */
export type SeenState = RouteState | 'down' | 'unknown' | 'platform-down';

export interface ProbeResult {
  readonly state: SeenState;
  readonly status: number;
}

export interface ProbeOptions {
  readonly expectState: SeenState;
  /**
   * `own` (the default): the certificate must be valid and made for this name, by somebody we trust or as we have it. `any`: also the fallback will
   * do, for the moment between a name's route and its certificate.
   */
  readonly certificate?: 'own' | 'any';
  /** `platform` (the default): the shop itself is asked. `visitor`: as a browser, so that a page which is kept will do. */
  readonly as?: 'platform' | 'visitor' | undefined;
  /** What is asked for; `/` by default. */
  readonly path?: string;
}

/**
 * The one nginx in front of the platform and of all stores. Its configuration is made from the routes as a whole, each
 * time; nothing is added to or taken from what is there.
 */
export interface Edge {
  /**
   * Makes sure that our nginx runs, with the newest routes that can be had; one that runs already is adopted. Comes up
   * with what is on disk even when the routes cannot be read now (then `pending` says why: call `apply` later).
   */
  start(signal: AbortSignal): Promise<StartResult>;
  /** Lets requests under way finish, then ends nginx. Does nothing when it is not running. */
  stop(signal: AbortSignal): Promise<void>;
  isRunning(): Promise<{ readonly pid: number } | undefined>;
  /**
   * Makes nginx serve what the routes say, and returns when no worker serves anything older. Calls that come while one
   * runs share the next one. A host that nginx refuses is left out and named. After any error the old configuration
   * serves on. Throws `route_unreachable` when nginx is not running (the files are right by then), `route_refused`
   * when nginx refuses what is not any single host's fault, `disk_full`.
   */
  apply(signal: AbortSignal): Promise<ApplyResult>;
  /**
   * Lets visitors into the shop of a route that is kept as live by now; one that is not kept so (any more) opens nothing.
   * Where the configuration in effect leads its host to the same shop as one that is being made, and shows the certificate
   * that it has by now, that takes no reload; the next `apply` then says it for good. Before that its first page is made, and
   * kept where pages are: whoever is let in is shown it. Anywhere else this is `apply`.
   */
  open(route: LiveRoute, signal: AbortSignal): Promise<Pick<ApplyResult, 'refused' | 'reloaded'>>;
  /**
   * Handshake and first page, as a visitor would get them, but dialled on this machine and never by DNS. Throws
   * `certificate_failed` or `route_unreachable`, both retryable.
   */
  probe(hostname: string, options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult>;
}

export interface StartResult {
  readonly pid: number;
  /** It was running already. */
  readonly adopted: boolean;
  /** Hosts left out, as `apply` would say; empty when `pending` is set. */
  readonly refused: readonly RefusedRoute[];
  /** Why the newest routes could not be applied yet. */
  readonly pending: Error | undefined;
}

/** Where the certificates are, as far as the edge has to know. */
export interface EdgeCertificates {
  /** Folder with `fullchain.pem` and `privkey.pem`, shown to whoever asks for a name without a certificate. */
  readonly fallback: string;
  /** The CA that our own leaves are checked against. */
  readonly caFile: string;
  /** Makes the fallback when it is not there. */
  ensureFallback(signal: AbortSignal): Promise<void>;
  /** What can be made here at once for the platform's own host; asks nobody outside, since the edge waits for it. */
  ensure(hostname: string, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
  /** Of these names, each whose certificate and key are both there: its folder, and whether the public trusts it. */
  present(
    hostnames: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly folder: string; readonly isPubliclyTrusted: boolean }>>;
}

export interface EdgeOptions {
  readonly dataDir: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** `127.0.0.1` or `0.0.0.0` bring their IPv6 counterpart along where the machine has IPv6. */
  readonly listenAddress: string;
  readonly baseDomain: string;
  /** The host of the platform's own pages. */
  readonly platformHost: string;
  /** Where the web process listens on loopback. */
  readonly webPort: number;
  /** What kept pages of all shops together may take on disk; 0: none are kept. */
  readonly pageCacheMb: number;
  /** The system user that nginx's workers run as, e.g. `shophosting-edge`. */
  readonly user: string;
  /**
   * Runs `fn` while no other process of this instance changes the edge. May hand it a signal that aborts when the lock
   * is lost.
   */
  readonly withLock: <T>(fn: (lost?: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;
  readonly listRoutes: () => Promise<readonly Route[]>;
  /** As it is kept now; `undefined` for a host that leads nowhere. */
  readonly findRoute: (hostname: string) => Promise<(LiveRoute & Pick<Route, 'state'>) | undefined>;
  readonly certificates: EdgeCertificates;
}
