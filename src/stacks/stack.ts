import type { SecretName } from '../domain/secrets.ts';
import type { PlatformName, Store } from '../domain/store.ts';

/** What the platform knows of one application that can be hosted. Data and pure functions only. */
export interface Stack {
  readonly platform: PlatformName;
  /** For people: `WooCommerce`. */
  readonly label: string;
  /** The folder below `stacks/` that holds `compose.yml`. */
  readonly folder: string;
  /** Service → how it is built and how the plan's limits are shared out among them. */
  readonly services: Readonly<Record<string, StackService>>;
  /** Catalogue names of the applications mounted read-only into the web service: environment variable → application. */
  readonly applications: Readonly<Record<string, string>>;
  /** Folders below the store's own, made before the first start and owned by the store's UID. */
  readonly dataFolders: readonly string[];
  /** Path of the administration, e.g. `/wp-admin/`. */
  readonly adminPath: string;
  readonly installer: Installer;
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
  /** May this service reach the outside? Only one may. */
  readonly front: boolean;
  /** Files below this service's `/run/secrets/shop`: file name → which of the store's secrets it holds. */
  readonly secrets: Readonly<Record<string, SecretName>>;
}

export type ImageName = 'wordpress' | 'mysql' | 'redis' | 'magento' | 'mariadb' | 'search';

/** What goes into the installer by standard input, as JSON; never an argument, never the environment. */
export interface InstallInput {
  readonly url: string;
  readonly title: string;
  readonly adminUsername: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly platform: PlatformName;
}

export interface Installer {
  /** argv run inside the web container as the store's user. Holds no user text. Prints one JSON object with `versions`. */
  readonly command: readonly string[];
  input(store: Store, facts: { url: string; adminPassword: string }): InstallInput;
}
