import { askWorker } from '../adapters/host/worker-sockets.ts';
import type { Repositories } from '../adapters/mysql/index.ts';
import type { WebConfig } from '../config/web-config.ts';
import type { Store } from '../domain/store.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import type { MailTrial, SettingsServices } from '../web/services/settings.ts';

/** What pages and the API do about a shop's mail: look at it here, all else by a worker. */
export function storeMailServicesOf(deps: {
  readonly config: Pick<WebConfig, 'workersFolder'>;
  readonly storeMail: Repositories['storeMail'];
  /** Throws `not_found`, also for somebody else's. */
  readonly ofCustomer: (customerId: string, storeId: string) => Promise<Store>;
  /** Whose session or token it is. Throws `not_signed_in`. */
  readonly holderOf: (token: string) => Promise<{ readonly customerId: string }>;
  /** Throws `too_many_tries`. */
  readonly count: (limit: 'store-mail-of-session' | 'store-mail-of-customer', key: string) => Promise<unknown>;
  readonly now: () => Date;
}): Pick<SettingsServices, 'mail' | 'mailTraffic' | 'setMail' | 'tryMail'> {
  const { config, storeMail, ofCustomer, holderOf, count, now } = deps;
  const countMail = async (token: string): Promise<void> => {
    await count('store-mail-of-session', token);
    await count('store-mail-of-customer', (await holderOf(token)).customerId);
  };
  return {
    mail: async (customerId, storeId) => storeMail.find((await ofCustomer(customerId, storeId)).id),
    async mailTraffic(customerId, storeId) {
      const { id } = await ofCustomer(customerId, storeId);
      return withIsoDates(await storeMail.traffic(id, now()));
    },
    async setMail(token, storeId, texts, { address, requestId }) {
      await countMail(token);
      const envelope = { question: 'set-store-mail', token, storeId, address, requestId };
      await askWorker(config.workersFolder, { ...texts, ...envelope });
    },
    async tryMail(token, storeId, { address, requestId }) {
      await countMail(token);
      const request = { question: 'try-store-mail', token, storeId, address, requestId };
      return (await askWorker(config.workersFolder, request)) as MailTrial;
    },
  };
}
