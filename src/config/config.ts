import type { FooterLinks } from '../domain/footer-links.ts';
import type { ShopBeginnings } from '../domain/shop-settings.ts';
import type { SettingValues } from './settings.ts';

interface DatabaseUser {
  readonly user: string;
  readonly password: string;
}

/** The whole configuration, frozen, shaped like the parts that use it. An optional group that is not configured is absent. */
export interface Config {
  readonly instanceId: string;
  readonly environment: SettingValues['NODE_ENV'];
  readonly logLevel: SettingValues['LOG_LEVEL'];

  readonly baseDomain: string;
  /** Ends in `/`. */
  readonly publicUrl: string;
  /** The host name in `publicUrl`. */
  readonly platformHost: string;
  readonly http: { readonly port: number; readonly httpsPort: number; readonly listenAddress: string };
  readonly webPort: number;
  /** What kept pages of all shops together may take on disk, in MB; 0: none are kept. */
  readonly pageCacheMb: number;

  readonly dataDir: string;
  readonly customersDir: string;
  readonly artifactsDir: string;

  readonly mysql: {
    /** Do we run it, or is it the operator's? */
    readonly managed: boolean;
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly poolSize: number;
    readonly users: { readonly worker: DatabaseUser; readonly web: DatabaseUser; readonly migrate: DatabaseUser };
    /** Who may create the database and its users; absent where somebody else did that. */
    readonly admin?: DatabaseUser;
    /** Only of the MySQL we run. */
    readonly rootPassword?: string;
  };
  readonly redis: {
    readonly managed: boolean;
    readonly host: string;
    readonly port: number;
    readonly password?: string;
  };

  readonly ports: {
    readonly start: number;
    readonly end: number;
    readonly max: number;
    readonly reserved: readonly number[];
  };
  /** An IPv4 block; its first /27 is the platform's own network. */
  readonly storeSubnets: string;
  readonly storeUids: { readonly start: number; readonly end: number };
  /** The mail address of whoever helps customers. */
  readonly support: string | null;
  /** What is agreed to at sign-up. */
  readonly termsUrl: string | null;
  /** What the foot of every page leads to. */
  readonly links: FooterLinks;
  readonly signUps: { readonly areOpen: boolean; readonly perAddress: number };
  /** What new shops begin with; afterwards it is their owner's. */
  readonly shopDefaults: ShopBeginnings;
  readonly defaultPlan: { readonly memoryMb: number; readonly cpuMillis: number };

  readonly smtp?: {
    readonly host: string;
    readonly port: number;
    /** TLS from the first byte (port 465); else STARTTLS when offered. */
    readonly isImplicitTls: boolean;
    readonly user?: string;
    readonly password?: string;
    readonly caFile?: string;
  };
  /** May a store's own mail server stand on a network that is not public? */
  readonly storeMail: { readonly mayBePrivate: boolean };
  /** The sender of our mail, also of mail that only goes to the outbox. */
  readonly mailFrom: string;
  /** Absent: certificates come from the local CA, or are brought. */
  readonly acme?: {
    readonly directory: string;
    readonly email: string;
    readonly caFile?: string;
    /** The operator's program for DNS records; with it a wildcard is ordered. */
    readonly dnsHook?: string;
    readonly dnsServers: readonly string[];
  };
  /** How customers' own domains are looked at. */
  readonly domains: {
    /** Whom to ask; this machine's resolvers where none is named. */
    readonly dnsServers: readonly string[];
    /** As the operator named them; empty where this machine's own are right. */
    readonly publicAddresses: readonly string[];
    readonly quarantineDays: number;
  };
  /** How customers' webhooks are told. */
  readonly webhooks: {
    /** Also by plain HTTP and at addresses that are not public: for tests and development. */
    readonly isLocalAllowed: boolean;
  };
  /** The operator's own certificate for all stores. */
  readonly wildcardFiles?: { readonly certificateFile: string; readonly keyFile: string };

  /** References to images of others; absent = ours. */
  readonly images: {
    readonly wordpress?: string;
    readonly magento?: string;
    readonly mariadb?: string;
    readonly rabbitmq?: string;
    readonly varnish?: string;
    readonly mysql?: string;
    readonly redis?: string;
    readonly search?: string;
    readonly phpmyadmin?: string;
  };
  /** The operator's own sums of archives, by the application's name in the catalogue. */
  readonly archivePins: { readonly opensearch?: string };
  /** What the operator wants built into our images, e.g. the languages of a shop: image → arguments of its Dockerfile. */
  readonly buildArgs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Optional services that new stores get, by platform. */
  readonly optionalServices: Readonly<Record<string, readonly string[]>>;
  /** The operator's access to vendors' composer repositories that want one. */
  readonly repositoryKeys?: { readonly publicKey: string; readonly privateKey: string };
  /** New stores are copies of one that was installed before, where there is such a one. */
  readonly usesSnapshots: boolean;
  /** How many shops of the default plan wait for an owner, of each platform. */
  readonly pool: { readonly least: number; readonly most: number };
  readonly workerConcurrency: number;
  readonly workerProcesses: number;
  readonly webConcurrency: number;
  /** For development: no build of the pages, and no change of user. */
  readonly pagesFromSources: boolean;
  readonly dockerSocket: string;
  readonly secretKey: string;
  /** Those of before that still open what they have sealed, newest first. */
  readonly formerSecretKeys: readonly string[];
  /** Sentences worth showing once: names that look like settings but are none. */
  readonly warnings: readonly string[];
}
