import { operatorName } from '../adapters/process/operator-name.ts';
import type { ShopActions } from '../cli/shop-actions.ts';
import { originOfOperator } from '../domain/origin.ts';
import { createShopSetting } from '../stores/set-shops.ts';
import { createStoreLife } from '../stores/store-life.ts';
import type { Adapters } from './adapters.ts';

/** `shopctl store settings` */
export function createShopActions(open: () => Adapters): ShopActions {
  const setting = () => {
    const { repositories, doorbell } = open();
    const life = createStoreLife({ ...repositories, ring: doorbell.ring, now: () => new Date() });
    return createShopSetting({ settings: repositories.storeSettings, life });
  };
  const get = (storeId: string) => open().repositories.stores.get(storeId);
  return {
    readShopSettings: async (storeId) => setting().show(await get(storeId)),
    async setShop({ storeId, texts }) {
      const store = await get(storeId);
      await setting().wish(store, texts, { by: 'operator', ...originOfOperator(operatorName()) });
      return setting().show(store);
    },
  };
}
