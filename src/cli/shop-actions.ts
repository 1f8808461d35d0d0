import type { ShopTexts } from '../domain/shop-settings.ts';
import type { ShopSettingsView } from '../web/services/settings.ts';

/** What `shopctl store settings` can do. Each throws `not_found`. */
export interface ShopActions {
  /** How the shop said that it is set. */
  readShopSettings(storeId: string): Promise<ShopSettingsView>;
  /** Sets only what is named; nothing named: the shop is asked how it is set. Tells how it is until then. */
  setShop(input: { readonly storeId: string; readonly texts: ShopTexts }): Promise<ShopSettingsView>;
}
