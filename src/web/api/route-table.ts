import type { ApiRoute } from './define-route.ts';
import { ACCOUNT_ROUTES } from './routes/account.ts';
import { DESK_ROUTES } from './routes/desk.ts';
import { DESK_ACT_ROUTES } from './routes/desk-acts.ts';
import { DOMAIN_ROUTES } from './routes/domains.ts';
import { STORE_ACCESS_ROUTES } from './routes/store-access.ts';
import { STORE_LIFE_ROUTES } from './routes/store-life.ts';
import { STORE_PAGE_ROUTES } from './routes/store-pages.ts';
import { STORE_SETTING_ROUTES } from './routes/store-settings.ts';
import { STORE_ROUTES } from './routes/stores.ts';
import { WEBHOOK_ROUTES } from './routes/webhooks.ts';

/** Every route of the JSON API. What is not in this table is not there: document, door and tests are made from it. */
export const ROUTE_TABLE: readonly ApiRoute[] = [
  ...STORE_ROUTES,
  ...STORE_LIFE_ROUTES,
  ...STORE_ACCESS_ROUTES,
  ...STORE_SETTING_ROUTES,
  ...STORE_PAGE_ROUTES,
  ...DOMAIN_ROUTES,
  ...ACCOUNT_ROUTES,
  ...WEBHOOK_ROUTES,
  ...DESK_ROUTES,
  ...DESK_ACT_ROUTES,
];
