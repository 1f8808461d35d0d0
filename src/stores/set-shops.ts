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
    /** The id of the run; `undefined` where nothing differs: then there is none. Throws `InvalidFormError`, `not_allowed_now`. */
    async wish(store: SettableStore, texts: ShopTexts, wisher: Wisher): Promise<string | undefined> {
      const [now, all] = await known(store);
      const php = parsePhpWish(texts, { ...store, plans: all, now: now?.php ?? null });
      const wish: RunInput = {
        ...parseShopWish(texts, now, stackOf(store.platform).settings),
        ...Object.fromEntries(Object.entries(php).map(([name, value]) => [name, String(value)])),
      };
      return Object.keys(wish).length === 0 ? undefined : life.configure(store.id, wish, wisher);
    },
    /** The shop is asked how it is set, by a run that sets nothing. Throws `not_allowed_now`. */
    askAnew: ({ id }: Pick<Store, 'id'>, wisher: Wisher): Promise<string> => life.configure(id, {}, wisher),
  };
}
