import { readFile } from 'node:fs/promises';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { ShopActions, StoreMailReport } from '../cli/shop-actions.ts';
import { InvalidInputError, toAppError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/origin.ts';
import type { Store } from '../domain/store.ts';
import { parseEmail } from '../domain/store-input.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import { MINUTE } from '../lib/time.ts';
import { STORE_SEND_WITHIN_MS } from '../mail/carry-store-mail.ts';
import { createShopSetting } from '../stores/set-shops.ts';
import { createStoreLife } from '../stores/store-life.ts';
import type { Adapters } from './adapters.ts';
import { pageCachingOf } from './page-caching.ts';
import { storeMailOf } from './store-mail.ts';

const TRIAL_WITHIN_MS = MINUTE;

/** `shopctl store settings`, `store mail`, `store mail-test` and `store cache` */
export function createShopActions(open: () => Adapters): ShopActions {
  const setting = () => {
    const { repositories, doorbell } = open();
    const life = createStoreLife({ ...repositories, ring: doorbell.ring, now: () => new Date() });
    return createShopSetting({ settings: repositories.storeSettings, plans: repositories.plans, life });
  };
  const get = (storeId: string) => open().repositories.stores.get(storeId);
  const mailOf = async (store: Store): Promise<StoreMailReport> => {
    const traffic = await open().repositories.storeMail.traffic(store.id, new Date());
    return { ...(await storeMailOf(open()).show(store)), traffic: withIsoDates(traffic) };
  };
  return {
    readShopSettings: async (storeId) => setting().show(await get(storeId)),
    async setShop({ storeId, texts }) {
      const store = await get(storeId);
      const wisher = { by: 'operator', ...originOfOperator(operatorName()) } as const;
      const isNamed = Object.keys(texts).length > 0;
      const runId = isNamed ? await setting().wish(store, texts, wisher) : await setting().askAnew(store, wisher);
      return { ...(await setting().show(store)), isAsked: runId !== undefined };
    },
    readStoreMail: async (storeId) => mailOf(await get(storeId)),
    async setStoreMail({ storeId, texts, passwordFile }) {
      const password = passwordFile === undefined ? {} : { password: await passwordIn(passwordFile) };
      const [mail, store] = [storeMailOf(open()), await get(storeId)];
      await mail.change(store, { ...texts, ...password }, originOfOperator(operatorName()));
      return mailOf(store);
    },
    readPageCache: async (storeId) => pageCachingOf(open()).show(await get(storeId)),
    async setPageCache({ storeId, texts, signal }) {
      const origin = originOfOperator(operatorName());
      await pageCachingOf(open()).change(await get(storeId), texts, { origin, signal });
    },
    async emptyPageCache(storeId) {
      await pageCachingOf(open()).empty(await get(storeId), originOfOperator(operatorName()));
    },
    async tryStoreMail({ storeId, to, signal }) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(TRIAL_WITHIN_MS)]);
      return storeMailOf(open()).tryOut(await get(storeId), parseEmail(to), {
        origin: originOfOperator(operatorName()),
        signal: within,
        withinMs: STORE_SEND_WITHIN_MS,
      });
    },
  };
}

/** Its first line. */
async function passwordIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).split('\n')[0] ?? '';
  } catch (thrown) {
    throw new InvalidInputError('password-file', `${file} cannot be read: ${toAppError(thrown).message}`);
  }
}
