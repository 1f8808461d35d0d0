import { createCredentialsReader } from '../stores/read-credentials.ts';
import type { Adapters } from './adapters.ts';
import { adminUrlOf } from './store-facts.ts';

/** Unseals a store's credentials and writes down who looked: for `shopctl`, and for the worker on the owner's behalf. */
export function credentialsReaderOf({ config, repositories, vault }: Adapters) {
  return createCredentialsReader({
    stores: repositories.stores,
    vault,
    audit: repositories.audit,
    adminUrlOf: (store) => adminUrlOf(config, store),
    now: () => new Date(),
  });
}
