import type { ApiRoute } from './define-route.ts';
import { STORE_ROUTES } from './routes/stores.ts';

/** Every route of the JSON API. What is not in this table is not there: document, door and tests are made from it. */
export const ROUTE_TABLE: readonly ApiRoute[] = [...STORE_ROUTES];
