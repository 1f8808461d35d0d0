import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { AppError } from '../domain/errors.ts';
import { stackOf } from '../stacks/index.ts';
import { createAdminLinks } from '../stores/admin-links.ts';
import type { Adapters } from './adapters.ts';
import { createShopOperations } from './shop-operations.ts';
import { urlOf } from './store-facts.ts';

/** As `createAdminLinks`, on what this process has. */
export function adminLinksOf(adapters: Adapters) {
  const shop = createShopOperations(adapters);
  return createAdminLinks({
    place: shop.placeAdminLink,
    revoke: shop.revokeAdminLinks,
    fieldOf: ({ platform }) => stackOf(platform).adminLink.field,
    async urlOf(store) {
      const { id: storeId, primaryDomain: hostname } = store;
      const own = hostname === null ? undefined : await adapters.repositories.ownDomains.find({ storeId, hostname });
      if (own !== undefined && own.strayedAt !== null) {
        throw new AppError(
          'not_allowed_now',
          `${hostname} leads elsewhere: whoever answers there would get the token.`,
        );
      }
      return `${urlOf(adapters.config, store)}${stackOf(store.platform).adminLink.path}`;
    },
    tokens: { make: makeToken, digestOf },
    audit: adapters.repositories.audit,
    now: () => new Date(),
  });
}
