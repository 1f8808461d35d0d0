import type { PlatformName } from './store.ts';

/** A store to be: parsed, and safe to derive names from. Only whether its names are free is not known yet. */
export interface NewStore {
  readonly customerId: string;
  readonly name: string;
  readonly title: string;
  readonly platform: PlatformName;
  readonly plan: string;
  readonly adminPath: string;
  readonly domain: string;
  readonly wishedDomain: string | null;
  readonly now: Date;
  /** Who asked, for the audit log. */
  readonly actor: string;
}
