import { createDatabaseSnapshots } from '../adapters/docker/database-snapshots.ts';
import { askAsVisitor } from '../adapters/http/ask-as-visitor.ts';
import { AppError } from '../domain/errors.ts';
import type { AddressChangeDeps } from '../provisioning/changes/change-address.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { createShopOperations } from './shop-operations.ts';
import { addressOf } from './store-facts.ts';

/** What moves a shop to another of its hosts, on the real world. */
export function addressChangeDepsOf(adapters: Adapters): Omit<AddressChangeDeps, 'routes'> {
  const { config, docker, repositories, vault, edge } = adapters;
  const { changeUrl, setUrl } = createShopOperations(adapters);
  return {
    snapshots: createDatabaseSnapshots({
      docker,
      customersDir: config.customersDir,
      async rootPasswordOf({ id }) {
        const password = await vault.read(id, 'db-root-password');
        if (password !== undefined) return password;
        throw new AppError('secret_unreadable', `The database's password of ${id} is not in the vault.`);
      },
      serverOf: ({ platform }) => (stackOf(platform).services.db?.image === 'mariadb' ? 'mariadb' : 'mysql'),
    }),
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
