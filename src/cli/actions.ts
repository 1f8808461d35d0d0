import type { CustomerFacts } from '../domain/customer.ts';
import type { LogLevel } from '../domain/log-lines.ts';
import type { OutboxBacklog, OutboxFilter } from '../domain/outbox.ts';
import type { PlatformSettings } from '../domain/platform-settings.ts';
import type { PasswordHolder } from '../domain/secrets.ts';
import type { ShopStartTexts } from '../domain/shop-settings.ts';
import type { WithIsoDates } from '../lib/iso-dates.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { MailPageView, MailView } from '../web/services/mail.ts';
import type { DeliveryPageView, WebhookView } from '../web/services/webhooks.ts';
import type { AccessActions } from './access-actions.ts';
import type { DomainActions } from './domain-actions.ts';
import type { LedgerActions } from './ledger-actions.ts';
import type { OperatorActions } from './operator-actions.ts';
import type { ShopActions } from './shop-actions.ts';
import type { TokenActions } from './token-actions.ts';

/**
 * Everything `shopctl` can ask for. Features arrive as values: `app.ts` fills this in, tests fill in fakes. Each action
 * throws an `AppError` when it cannot; none of them prints, exits or reads arguments.
 */
export interface CliActions
  extends AccessActions,
    DomainActions,
    LedgerActions,
    OperatorActions,
    ShopActions,
    TokenActions {
  /** Installs what is missing, starts the platform, then stays until `signal` aborts; resolves when all of it is stopped. */
  up(input: UpInput): Promise<void>;
  /** Stops the control plane; edge and stores go on serving, unless `stores` is set. Tells the command that starts it again. */
  down(input: { readonly stores: boolean } & Progress): Promise<{ readonly startAgain: string }>;
  /** Without a service: all of them. */
  restart(input: { readonly service?: PlatformProcess } & Progress): Promise<void>;
  /** The platform's own logs, oldest line first; with `follow` until `signal` aborts. */
  logs(input: PlatformLogsInput): Promise<void>;
  status(): Promise<StatusView>;
  doctor(): Promise<DoctorView>;
  config(): Promise<readonly SettingView[]>;
  /** Puts the platform on a machine with systemd, or only shows what that would change. May be repeated. */
  install(input: { readonly dryRun: boolean } & Progress): Promise<InstallView>;
  /** What a systemd unit of ours runs. `services` stays until `signal` aborts. */
  unit(input: { readonly name: UnitName } & Progress): Promise<void>;
  migrate(input: { readonly onlyStatus: boolean } & Progress): Promise<MigrationView>;

  /** Without a platform: what `up` needs, and what was prepared here before. */
  prepareImages(input: Progress & { readonly platform?: string }): Promise<readonly ImageView[]>;
  listImages(): Promise<readonly ImageView[]>;
  listArtifacts(): Promise<readonly ArtifactView[]>;
  addArtifact(input: { readonly file: string } & Progress): Promise<ArtifactView>;

  /** By name; the wildcard first where there is one. */
  listCertificates(): Promise<readonly CertificateView[]>;
  issueCertificate(input: { readonly name: string; readonly signal: AbortSignal }): Promise<CertificateView>;
  /** Without a name: what is due, or with `all` everything. A single name's failure is thrown, of many it is told. */
  renewCertificates(input: {
    readonly name?: string;
    readonly all: boolean;
    readonly signal: AbortSignal;
  }): Promise<readonly RenewalView[]>;
  importCertificate(input: {
    readonly name: string;
    readonly certificateFile: string;
    readonly keyFile: string;
  }): Promise<CertificateView>;

  createStore(input: CreateStoreInput): Promise<StoreView>;
  /** Newest first. */
  listStores(filter: {
    readonly status?: string;
    readonly customer?: string;
    /** What the name, domain, id or owner's address begins with, or the port. */
    readonly search?: string;
  }): Promise<readonly StoreView[]>;
  /**
   * By id, else by name. `undefined` when there is none (any more). Shows the run of that id; without one, the run that
   * tells how the store stands. Cheap: asked several times a second by `--wait`.
   */
  findStore(idOrName: string, runId?: string): Promise<StoreView | undefined>;
  readCredentials(storeId: string): Promise<CredentialsView>;
  storeLogs(input: StoreLogsInput): Promise<void>;
  retryStore(storeId: string): Promise<StoreView>;
  repairStore(storeId: string): Promise<StoreView>;
  /** Closed until `resumeStore`; `text` is for its owner. */
  suspendStore(input: {
    readonly storeId: string;
    readonly reason: string;
    readonly text?: string;
  }): Promise<StoreView>;
  resumeStore(storeId: string): Promise<StoreView>;
  restartStore(storeId: string): Promise<StoreView>;
  /** Another plan, while the shop is open. */
  resizeStore(input: { readonly storeId: string; readonly plan: string }): Promise<StoreView>;
  /** A new password of its administrator or its database. */
  rotateStore(input: { readonly storeId: string; readonly whose: PasswordHolder }): Promise<StoreView>;
  /** Ends an owner's deletion in its days of grace. */
  undoDeleteStore(storeId: string): Promise<StoreView>;
  /** Asks for the teardown; the store is gone when `findStore` no longer finds it. */
  deleteStore(storeId: string): Promise<StoreView>;

  queue(): Promise<QueueView>;
  listJobs(filter: { readonly status?: string; readonly limit: number }): Promise<readonly JobView[]>;
  retryJob(runId: string): Promise<StoreView>;
  /** Oldest first; with `search` those whose address or id begins with it. */
  listCustomers(filter: { readonly search?: string }): Promise<readonly CustomerView[]>;
  /** By id, else by e-mail. */
  findCustomer(idOrEmail: string): Promise<(CustomerView & { readonly stores: readonly StoreView[] }) | undefined>;
  /**
   * By id, else by e-mail. The account's app, passkeys and recovery codes are gone, everybody is signed out and the owner
   * told. Throws `not_found`, `not_allowed_now` where there is no second factor.
   */
  resetSecondFactor(idOrEmail: string): Promise<CustomerView>;
  /** Makes a password when none is given, and then is the only one ever to tell it. */
  createAdmin(input: { readonly email: string; readonly password?: string }): Promise<AdminView>;

  /** What operators set while the platform runs. */
  readPlatformSettings(): Promise<PlatformSettingsView>;
  /** Only what is named changes; tells how all of it is then. */
  setPlatformSettings(wanted: Partial<PlatformSettings>): Promise<PlatformSettingsView>;

  /** Of a customer, by id or e-mail. Throws `not_found`. */
  listWebhooks(customer: string): Promise<readonly WebhookView[]>;
  /** What one of them was told, newest first. Throws `not_found`. */
  listDeliveries(input: {
    readonly customer: string;
    readonly webhookId: string;
    readonly before?: string;
  }): Promise<DeliveryPageView>;

  /** Writes `KIND.html` and `KIND.txt` into the folder, which is made when it is not there; without a kind: all of them. */
  previewMail(input: { readonly kind?: string; readonly folder: string }): Promise<readonly MailPreviewView[]>;
  /** How many mails wait, and how many were given up. */
  mailBacklog(): Promise<WithIsoDates<OutboxBacklog>>;
  /** Newest first. */
  listMail(input: OutboxFilter & { readonly before?: string; readonly limit: number }): Promise<MailPageView>;
  /** Due at once, with all its attempts. Throws `not_found`. */
  resendMail(id: string): Promise<MailView>;
  /** Sends now, past the outbox; throws `mail_failed` with what the server said. */
  testMail(input: { readonly to: string }): Promise<SentMailView>;
}

/** For work that takes long: says what it does, line by line, and ends early when told. */
export interface Progress {
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

export const PLATFORM_PROCESSES = ['web', 'worker', 'edge'] as const;
export type PlatformProcess = (typeof PLATFORM_PROCESSES)[number];
export const PLATFORM_LOGS = ['web', 'worker', 'edge', 'mysql', 'redis'] as const;
export type PlatformLog = (typeof PLATFORM_LOGS)[number];

export interface UpInput extends Progress {
  /** Make a demo customer with one demo store, unless they are there. */
  readonly demo: boolean;
  /** Start it as a process that outlives this one, and return when it is ready. */
  readonly detach?: boolean;
  /** Called once, when everything answers. */
  readonly onReady: (ready: ReadyView) => void;
}

export interface ReadyView {
  readonly version: string;
  readonly publicUrl: string;
  readonly edge: { readonly http: string; readonly https: string };
  readonly caFile: string;
  readonly logsDir: string;
  readonly outboxDir?: string;
  readonly elapsedMs: number;
  readonly demo: {
    readonly email: string;
    readonly password?: string;
    readonly store: StoreView;
    /** Why it is not what was hoped for, e.g. `wordpress` instead of `woocommerce`; one sentence with the cure. */
    readonly note?: string;
  } | null;
  /** How to reach it from elsewhere, how to set a real domain, …: one sentence each. */
  readonly tips: readonly string[];
}

export interface LogLine {
  readonly service: string;
  /** ISO, when the source tells it. */
  readonly at: string | null;
  readonly line: string;
}

export interface PlatformLogsInput {
  /** Without one: all of them. */
  readonly service?: PlatformLog;
  /** A time (`2026-11-23T10:00:00Z`) or an age (`15m`, `2h`). */
  readonly since?: string;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly onLine: (line: LogLine) => void;
}

export interface StoreLogsInput {
  readonly storeId: string;
  /** A container (`web`, `db`, …), a log of the application (Magento: `system`, …), `edge-access`, …; without one: all. */
  readonly service?: string;
  /** So many lines at most, the newest. */
  readonly tail: number;
  /** A time (`2026-11-23T10:00:00Z`) or an age (`15m`, `2h`). */
  readonly since?: string;
  /** Empty: all of them. */
  readonly levels: readonly LogLevel[];
  /** Only lines with this text in them; empty: all. */
  readonly search: string;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly onLine: (line: LogLine) => void;
}

export const STATUS_SERVICES = ['mysql', 'redis', 'docker', 'edge', 'web', 'worker'] as const;

export interface ServiceView {
  readonly state: 'up' | 'degraded' | 'down';
  readonly detail: string;
  readonly pid?: number;
  /** The worker's processes. */
  readonly pids?: readonly number[];
}

export interface StatusView {
  readonly ready: boolean;
  readonly version: string;
  readonly publicUrl: string;
  readonly edge: { readonly http: string | number; readonly https: string | number };
  readonly caFile: string;
  readonly services: Readonly<Record<(typeof STATUS_SERVICES)[number], ServiceView>>;
  readonly stores: { readonly byStatus: Readonly<Record<string, number>> };
}

export interface CheckView {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it: a command where there is one. */
  readonly fix: string | null;
}

export interface DoctorView {
  readonly ok: boolean;
  readonly checks: readonly CheckView[];
}

export interface SettingView {
  readonly name: string;
  /** Secrets arrive masked. */
  readonly value: string | null;
  /** `environment`, `.env`, `default`, `made by shopctl up`, … */
  readonly source: string;
}

export interface MigrationView {
  readonly upToDate: boolean;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

export const UNIT_NAMES = ['services', 'edge', 'web-config'] as const;
export type UnitName = (typeof UNIT_NAMES)[number];

export interface InstallView {
  readonly dryRun: boolean;
  /** What was (or would be) put right, in order; empty when everything is as it should be. */
  readonly changes: readonly { readonly what: string; readonly lines: readonly string[] }[];
}

export interface ImageView {
  readonly name: string;
  readonly reference: string;
  readonly id: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly source: string;
  readonly present: boolean;
  readonly base?: string | null;
  readonly createdAt?: string | null;
}

export interface ArtifactView {
  readonly name: string;
  readonly version: string;
  readonly sha256: string | null;
  readonly source: string | null;
  readonly present: boolean;
  /** Why it is not there, and what to do. */
  readonly reason?: string | null;
}

export interface CertificateView {
  readonly name: string;
  /** `local`, `acme`, `imported`; null while the name has none of its own. */
  readonly source: string | null;
  /** Of the authority that issued it. */
  readonly directory: string | null;
  /** Do browsers know who vouches for it? */
  readonly trusted: boolean;
  readonly wildcard: boolean;
  readonly notAfter: string | null;
  readonly daysLeft: number | null;
  /** Why the last try for a new one failed, while it did. */
  readonly problem: string | null;
  readonly nextTryAt: string | null;
}

export interface RenewalView {
  readonly name: string;
  readonly outcome: 'renewed' | 'kept' | 'failed' | 'skipped';
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}

export interface CreateStoreInput extends ShopStartTexts {
  readonly platform: string;
  readonly name: string;
  readonly email: string;
  readonly domain?: string;
  readonly plan?: string;
}

export interface CredentialsView {
  readonly admin: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    /** While it is being changed, and where that has failed: good if the other one is refused. */
    readonly nextPassword?: string;
    readonly email: string;
  };
  readonly database: Readonly<Record<string, string | number>>;
}

export interface QueueView {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  readonly oldestWaitingAt: string | null;
  readonly oldestWaitingMs: number | null;
  readonly workers?: number;
}

export interface JobView {
  readonly id: string;
  readonly storeId: string;
  readonly kind: string;
  readonly status: string;
  readonly attempt: number;
  /** The step it is at, or failed at. */
  readonly step: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface CustomerView extends Omit<CustomerFacts, 'createdAt'> {
  readonly createdAt: string;
}

export interface PlatformSettingsView extends PlatformSettings {
  /** What can be the default. */
  readonly plans: readonly string[];
}

export interface AdminView extends CustomerView {
  /** Only when it was made here; it cannot be told again. */
  readonly password?: string;
}

export interface MailPreviewView {
  readonly kind: string;
  readonly subject: string;
  /** Paths of the files. */
  readonly html: string;
  readonly text: string;
}

export interface SentMailView {
  readonly to: string;
  /** `accepted` by the mail server, or `written` into a folder where none is set. */
  readonly outcome: 'accepted' | 'written';
  /** The server (`smtp.example.net:587`) or the folder. */
  readonly where: string;
  readonly subject: string;
}
