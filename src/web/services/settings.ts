import type { Origin } from '../../domain/origin.ts';
import type { ShopSettingName, ShopSettings, ShopTexts } from '../../domain/shop-settings.ts';

export interface ShopSettingsView {
  /** What can be set in shops of this kind. */
  readonly offered: readonly ShopSettingName[];
  /** How the shop said that it is set; `null` while it was not asked yet. */
  readonly now: ShopSettings | null;
}

/** What an owner sets in a shop from here. Somebody else's is `not_found`. */
export interface SettingsServices {
  shop(customerId: string, storeId: string): Promise<ShopSettingsView>;
  /**
   * Only what is named and differs is set, by a run; with nothing of that kind the shop is only asked how it is set.
   * Throws `InvalidFormError`, `not_allowed_now` while it is not open.
   */
  setShop(customerId: string, storeId: string, texts: ShopTexts, origin: Origin): Promise<void>;
}
