import { defineRoute } from '../define-route.ts';
import { OF_STORE } from '../schemas/common.ts';
import { PAGE_CACHE, PAGE_CACHE_CHOICE } from '../schemas/settings.ts';

const OF_A_STORE = { tag: 'Stores', who: 'customer', params: OF_STORE } as const;

/** Pages of a shop that the edge shows by itself. */
export const STORE_PAGE_ROUTES = [
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'get',
      path: '/stores/{storeId}/page-cache',
      id: 'getPageCache',
      summary: 'Whether visitors without a cart or an account are shown kept pages, and for how long',
      scope: 'stores:read',
      whileActing: true,
      answer: PAGE_CACHE,
    },
    ({ params, caller, services }) => services.settings.pageCache(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'put',
      path: '/stores/{storeId}/page-cache',
      id: 'setPageCache',
      summary: 'Switch the page cache of a shop, or choose how long pages are kept',
      description: 'In effect when it is answered. Kept pages are emptied, too.',
      scope: 'stores:write',
      body: PAGE_CACHE_CHOICE,
      answer: PAGE_CACHE,
    },
    async ({ params, body: { pageCache, lifetime: pageLifetime = '' }, caller, services }) => {
      await services.settings.setPageCache(caller.token, params.storeId, { pageCache, pageLifetime }, caller.visitor);
      return services.settings.pageCache(caller.customerId, params.storeId);
    },
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'post',
      path: '/stores/{storeId}/page-cache/purge',
      id: 'purgePageCache',
      summary: 'Empty the page cache of a shop at once',
      scope: 'stores:write',
      answer: null,
    },
    ({ params, caller, services }) => services.settings.emptyPageCache(caller.token, params.storeId, caller.visitor),
  ),
];
