import type { Store } from './store.ts';

/** Names and places derived from a store's id. Pure: the same store always gives the same answer. */

/** Compose project name. */
export const projectOf = (store: Pick<Store, 'id'>): string => store.id;

/** `shop-STORE_ID-SERVICE`, as the contract has it. */
export const containerOf = (store: Pick<Store, 'id'>, service: string): string => `shop-${store.id}-${service}`;

/** The store's folder below `CUSTOMERS_DIR`, relative to it. */
export const directoryOf = (store: Pick<Store, 'id'>): string => `stores/${store.id}`;

/** The symlink for people, relative to `CUSTOMERS_DIR`. */
export const linkOf = (store: Pick<Store, 'id' | 'customerId'>): string => `customer-${store.customerId}/${store.id}`;

/** Whose a shop is that is made before anybody owns it: an id of the form that we make, and nobody's. */
export const NOBODY_ID = `cus_${'0'.repeat(26)}`;

const APPLICATION = 'application:';

/** The key under which a store's row records which unpacked application it mounts. */
export const applicationKey = (name: string): string => `${APPLICATION}${name}`;

export const isApplicationKey = (key: string): boolean => key.startsWith(APPLICATION);

/** The name of the application's database and of its user: short, and the same for every store on purpose. */
export const DATABASE_NAME = 'shop';
export const DATABASE_USER = 'shop';
/** Where a shop reaches it, in its own network. */
export const DATABASE_HOST = 'db';
/** The administrator's sign-in name; it is never shown in public (neutral nicename). */
export const ADMIN_USERNAME = 'shopowner';

/** Claims of shared chores that are about one store; they go with it. */
export const cronTaskOf = (storeId: string): string => `cron:${storeId}`;
export const repairTaskOf = (storeId: string): string => `repair:${storeId}`;
