import type { ShopSettings } from './shop-settings.ts';

/** What a shop's installer found when it was done. */
export interface InstalledShop {
  readonly versions: Readonly<Record<string, string>>;
  /** Absent of an image that is older than such answers. */
  readonly settings?: ShopSettings;
}

/** Where a shop's web container takes by HTTP what its installer is told, and the secret that both sides know. */
export interface HandOverPage {
  readonly port: number;
  readonly path: string;
  readonly key: string;
}
