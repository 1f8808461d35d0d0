import { parseShopWish, type ShopSettings, type ShopTexts } from '../domain/shop-settings.ts';
import type { Store } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { ShopSettingsView } from '../web/services/settings.ts';
import type { StoreLife, Wisher } from './store-life.ts';

export interface ShopSettingDeps {
  readonly settings: { find(storeId: string): Promise<ShopSettings | undefined> };
  readonly life: Pick<StoreLife, 'configure'>;
}

/** How shops are set, and the wish to have them set otherwise; for whoever may. */
export function createShopSetting({ settings, life }: ShopSettingDeps) {
  return {
    async show({ id, platform }: Pick<Store, 'id' | 'platform'>): Promise<ShopSettingsView> {
      return { offered: stackOf(platform).settings, now: (await settings.find(id)) ?? null };
    },
    /** The id of the run. Throws `InvalidFormError`, `not_allowed_now`. */
    async wish({ id, platform }: Pick<Store, 'id' | 'platform'>, texts: ShopTexts, wisher: Wisher): Promise<string> {
      const known = await settings.find(id);
      return life.configure(id, parseShopWish(texts, known, stackOf(platform).settings), wisher);
    },
  };
}
