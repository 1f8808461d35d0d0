import { parsePhpWish, phpChoices } from '../domain/php-limits.ts';
import type { RunInput } from '../domain/run.ts';
import { parseShopWish, type ShopSettings, type ShopTexts } from '../domain/shop-settings.ts';
import type { Plan, Store } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { ShopSettingsView } from '../web/services/settings.ts';
import type { StoreLife, Wisher } from './store-life.ts';

export interface ShopSettingDeps {
  readonly settings: { find(storeId: string): Promise<ShopSettings | undefined> };
  readonly plans: { list(): Promise<readonly Plan[]> };
  readonly life: Pick<StoreLife, 'configure'>;
}

type SettableStore = Pick<Store, 'id' | 'platform' | 'plan'>;

/** How shops are set, and the wish to have them set otherwise; for whoever may. */
export function createShopSetting({ settings, plans, life }: ShopSettingDeps) {
  const known = ({ id }: SettableStore) => Promise.all([settings.find(id), plans.list()]);
  return {
    async show(store: SettableStore): Promise<ShopSettingsView> {
      const [now, all] = await known(store);
      return {
        offered: stackOf(store.platform).settings,
        now: now ?? null,
        phpChoices: phpChoices(store.platform, store.plan, all),
      };
    },
    /** The id of the run. Throws `InvalidFormError`, `not_allowed_now`. */
    async wish(store: SettableStore, texts: ShopTexts, wisher: Wisher): Promise<string> {
      const [now, all] = await known(store);
      const php = parsePhpWish(texts, { ...store, plans: all, now: now?.php ?? null });
      const wish: RunInput = {
        ...parseShopWish(texts, now, stackOf(store.platform).settings),
        ...Object.fromEntries(Object.entries(php).map(([name, value]) => [name, String(value)])),
      };
      return life.configure(store.id, wish, wisher);
    },
  };
}
