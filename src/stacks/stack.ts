import type { HandOverPage } from '../domain/installed-shop.ts';
import type { StepName } from '../domain/run.ts';
import type { SecretName } from '../domain/secrets.ts';
import type { ShopSettingName, ShopWish } from '../domain/shop-settings.ts';
import type { PlatformName, Store } from '../domain/store.ts';
import type { ServiceName } from '../domain/subnets.ts';

/** What the platform knows of one application that can be hosted. Data and pure functions only. */
export interface Stack {
  readonly platform: PlatformName;
  /** For people: `WooCommerce`. */
  readonly label: string;
  /** The folder below `stacks/` that holds `compose.yml`. */
  readonly folder: string;
  /** Service → how it is built and how the plan's limits are shared out among them. */
  readonly services: Readonly<Partial<Record<ServiceName, StackService>>>;
  /** Catalogue names of the applications mounted read-only into the web service: environment variable → application. */
  readonly applications: Readonly<Record<string, string>>;
  /** What of its PHP is compiled once for all stores of the same parts; `null` where each container compiles its own. */
  readonly compiled: StackCompiled | null;
  /**
   * When its images are made: `at-start` = whenever the platform starts; `on-demand` = they take minutes, and are made
   * by `shopctl images prepare PLATFORM`.
   */
  readonly preparation: 'at-start' | 'on-demand';
  /** What its application accepts only in some versions; `null` where it takes whatever the stack gives it. */
  readonly demands: StackDemands | null;
  /** Settings of the machine's kernel that its services may want. */
  readonly kernelSettings: readonly KernelSetting[];
  /** Folders below the store's own, made before the first start and owned by the store's UID. */
  readonly dataFolders: readonly string[];
  /** The least memory that a plan must have, in MB. */
  readonly leastMemoryMb: number;
  /** Path of a new store's administration, e.g. `/wp-admin/`. `random` = letters and digits that nobody can guess. */
  readonly newAdminPath: (random: string) => string;
  /** What its owner should know before the first sign-in to the administration; whole sentences, for pages and mails. */
  readonly adminNotes: readonly string[];
  /** What the customer reads while a step happens, where this platform has words of its own. */
  readonly stepTitles: Readonly<Partial<Record<StepName, string>>>;
  readonly installer: Installer;
  /** How a shop is made before it has an owner; null where the installer only knows shops of somebody. */
  readonly ahead: StackAhead | null;
  /** How the shop's scheduled work is set going, once a minute. */
  readonly cron: StackCron;
  /** Where the shop writes what went on. */
  readonly logSources: readonly LogSource[];
  readonly operations: StackOperations;
  /** What its owner can set in it from the platform's pages. */
  readonly settings: readonly ShopSettingName[];
  /** Of the languages that are built into images here, those that a new shop can begin in. */
  readonly startLocales: (built: readonly string[]) => readonly string[];
  readonly adminLink: StackAdminLink;
}

export interface StackCompiled {
  /** Whose image compiles it, and who mounts it. */
  readonly service: ServiceName;
  /** Where that service's container has the applications: environment variable → path. */
  readonly applicationsAt: Readonly<Record<string, string>>;
}

/** How the owner gets into the administration without a password, by a link that opens once. */
export interface StackAdminLink {
  /** Below the shop's own address, where the browser sends the token to; may be empty. */
  readonly path: string;
  /** The field in which it sends the token. */
  readonly field: string;
  /** From now on whoever brings the token of this link is let in once; for so long, and no earlier link. */
  place(link: PlacedAdminLink): ShopCommand;
  /** No link opens any more. */
  readonly revoke: ShopCommand;
}

export interface PlacedAdminLink {
  /** Whom it lets in, where the shop has an administrator of that name; else the first it has. */
  readonly username: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly seconds: number;
  /** Who asked for it has just proven who they are: where the platform itself asks everybody for a second factor, that stands for it. */
  readonly proven: boolean;
}

/** Images of the stack by their part. The application's archive, or a label of its image, says what it accepts. */
export interface StackDemands {
  readonly application: ImageName;
  readonly database: ImageName;
  readonly searchEngine: ImageName;
}

export interface KernelSetting {
  /** `vm.max_map_count` */
  readonly name: string;
  readonly least: number;
  /** An image of others in this place may want it; ours does not. */
  readonly image: ImageName;
}

export interface StackService {
  /** Our image by its folder below `images/`. */
  readonly image: ImageName;
  /** Percent of the plan's memory; the sum over services is at most 100. */
  readonly memoryShare: number;
  /** Percent of the plan's cpu this service may use at most: a ceiling, so services may add up to more than 100. */
  readonly cpuShare: number;
  readonly pidsLimit: number;
  /** Run inside the container; exit 0 = healthy. The same command as the image's HEALTHCHECK. */
  readonly healthCommand: readonly string[];
  /**
   * What its health command says, as its last line, of an illness that the installer mends: such a service is ready for
   * it, though not for visitors.
   */
  readonly mendedByInstaller?: RegExp;
  /** May this service reach the outside? Only one may. */
  readonly front: boolean;
  /** Files below this service's `/run/secrets/shop`: file name → which of the store's secrets it holds. */
  readonly secrets: Readonly<Record<string, SecretName>>;
  /** Only in stores made while the operator wished for it; in the compose file a profile of the service's name. */
  readonly isOptional?: true;
}

export type ImageName =
  | 'phpmyadmin'
  | 'wordpress'
  | 'mysql'
  | 'redis'
  | 'magento'
  | 'mariadb'
  | 'search'
  | 'rabbitmq'
  | 'varnish';

/** What goes into the installer by standard input, as JSON; never an argument, never the environment. */
export interface InstallInput {
  readonly url: string;
  readonly title: string;
  readonly adminUsername: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly platform: PlatformName;
  readonly adminPath?: string;
  readonly country?: string;
  readonly currency: string;
  readonly timezone?: string;
  readonly locale?: string;
}

/** What the store's own row does not say. */
export interface InstallFacts {
  readonly url: string;
  readonly adminPassword: string;
  readonly country: string;
  readonly currency: string;
  readonly timezone: string;
  readonly locale: string;
}

export interface Installer {
  /** argv run inside the web container as the store's user. Holds no user text. Prints one JSON object with `versions`. */
  readonly command: readonly string[];
  input(store: Store, facts: InstallFacts): InstallInput;
  /** Where the web container takes the same input by HTTP, at its own address, for a shop that waits for its owner. */
  readonly page?: Omit<HandOverPage, 'key'> & { readonly key: SecretName };
}

/** A shop that is nobody's yet: the installer is handed `input`, and later everything about its owner. */
export interface StackAhead {
  /** In place of an owner's wishes; no secret. */
  readonly input: object;
  /** The data folders that hold all that was installed. */
  readonly folders: readonly string[];
  /** Those of them that nothing changes while it waits. */
  readonly still: readonly string[];
  /** What no two shops may share though both were installed at once: keys and names of servers, below the data folders. */
  readonly identity: readonly string[];
  /** As whom a shop of nobody's is asked for these pages before it waits: each is slow once, and then not for its owner. */
  readonly warmUp: { readonly host: string; readonly paths: readonly string[] };
}

/** Something done inside a store's container. `argv` holds no user text; `input` goes in by standard input, as JSON. */
export interface ShopCommand {
  readonly service: ServiceName;
  readonly argv: readonly string[];
  readonly input?: object;
}

/** By a request to the shop's own web server, or by a command in its container. */
export type StackCron =
  | { readonly kind: 'request'; readonly path: string }
  | { readonly kind: 'command'; readonly command: ShopCommand };

/** A container's own output, or a file inside it. */
export type LogSource = {
  /** What people choose it by. */
  readonly name: string;
  /** What it is called on pages. */
  readonly title: string;
  readonly service: ServiceName;
} & ({ readonly kind: 'container' } | { readonly kind: 'file'; readonly path: string });

/** What can be done to an installed shop. Every command may be repeated, and prints one JSON object as its last line. */
export interface StackOperations {
  /** The shop answers at this address from now on; ends in a slash. */
  setUrl(url: string): ShopCommand;
  /** As `setUrl`, and every address of the shop's own in what it has written moves along. Both end in a slash. */
  changeUrl(addresses: { from: string; to: string }): ShopCommand;
  /** Sets what is named, and nothing else; its answer is how all of it is then. */
  configure(wish: ShopWish): ShopCommand;
  /**
   * A mail to this address as the shop writes all of its own. The answer's `message` is the mail as its `sendmail` would
   * hand it on, in base64; null where something in the shop sends mail by itself.
   */
  writeTrialMail(to: string): ShopCommand;
  /**
   * The running PHP goes by the limits that stand in the platform's file. Its answer is what holds then, read back; where
   * that cannot be had, it goes on as before.
   */
  readonly applyPhpLimits: ShopCommand;
  /** Visitors get 503 and a `Retry-After` while it is paused; nothing of the shop changes. */
  pause(paused: boolean): ShopCommand;
  /** The shop goes by the secrets that stand in its files now; `null` where it reads them at each request. */
  readonly readSecrets: ShopCommand | null;
  /** The account is there, is an administrator, has this password, and is signed in nowhere; locks of it are lifted. */
  resetAdmin(admin: { username: string; password: string; email: string }): ShopCommand;
}
