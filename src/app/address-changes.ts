import { createDatabaseSnapshots } from '../adapters/docker/database-snapshots.ts';
import { askAsVisitor } from '../adapters/http/ask-as-visitor.ts';
import type { AddressChangeDeps } from '../provisioning/changes/change-address.ts';
import type { Adapters } from './adapters.ts';
import { createShopOperations } from './shop-operations.ts';
import { storeDatabasesOf } from './store-databases.ts';
import { addressOf } from './store-facts.ts';

/** What moves a shop to another of its hosts, on the real world. */
export function addressChangeDepsOf(adapters: Adapters): Omit<AddressChangeDeps, 'routes'> {
  const { config, repositories, edge } = adapters;
  const { changeUrl, setUrl } = createShopOperations(adapters);
  return {
    snapshots: createDatabaseSnapshots({ ...storeDatabasesOf(adapters), customersDir: config.customersDir }),
    shop: {
      changeUrl,
      setUrl,
      answersAs: (store, hostname, signal) => {
        const { host } = new URL(addressOf(config, hostname));
        return askAsVisitor(store.port, host, signal);
      },
    },
    addresses: repositories.addressChanges,
    edge: {
      apply: (signal) => edge.apply(signal),
      probeClosed: async (hostname, signal) => void (await edge.probe(hostname, { expectState: 'making' }, signal)),
    },
    addressOf: (hostname) => addressOf(config, hostname),
  };
}
