import { askWorker } from '../adapters/host/worker-sockets.ts';
import type { Repositories } from '../adapters/mysql/index.ts';
import type { WebConfig } from '../config/web-config.ts';
import type { Store } from '../domain/store.ts';
import { showPageCache } from '../stores/page-caching.ts';
import type { SettingsServices } from '../web/services/settings.ts';

/** What pages and the API do about the page cache of a shop: look at it here, all else by a worker. */
export function pageCacheServicesOf(deps: {
  readonly config: Pick<WebConfig, 'workersFolder' | 'pageCacheMb'>;
  readonly pageCaching: Repositories['pageCaching'];
  /** Throws `not_found`, also for somebody else's. */
  readonly ofCustomer: (customerId: string, storeId: string) => Promise<Store>;
  /** Whose session or token it is. Throws `not_signed_in`. */
  readonly holderOf: (token: string) => Promise<{ readonly customerId: string }>;
  /** Throws `too_many_tries`. */
  readonly count: (limit: 'changes-of-customer', key: string) => Promise<unknown>;
}): Pick<SettingsServices, 'pageCache' | 'setPageCache' | 'emptyPageCache'> {
  const { config, pageCaching, ofCustomer, holderOf, count } = deps;
  const countChange = async (token: string): Promise<void> => {
    await count('changes-of-customer', (await holderOf(token)).customerId);
  };
  return {
    pageCache: async (customerId, storeId) =>
      showPageCache({ choices: pageCaching, ...config }, await ofCustomer(customerId, storeId)),
    async setPageCache(token, storeId, texts, { address, requestId }) {
      await countChange(token);
      const envelope = { question: 'set-page-cache', token, storeId, address, requestId };
      await askWorker(config.workersFolder, { ...texts, ...envelope });
    },
    async emptyPageCache(token, storeId, { address, requestId }) {
      await countChange(token);
      await askWorker(config.workersFolder, { question: 'empty-page-cache', token, storeId, address, requestId });
    },
  };
}
