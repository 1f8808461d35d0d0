import type { StoreStatus } from '../../../domain/store.ts';

interface StoreTab {
  /** What follows the store's own address; empty for the first one. */
  readonly path: string;
  readonly word: string;
  /** Of which stores it tells something. */
  readonly isFor: (status: StoreStatus) => boolean;
}

export type StoreTabName = 'overview' | 'domains' | 'logs' | 'access' | 'activity' | 'settings';

/** The pages of one store, in the order of their tabs. A tab is here once its page is: nothing is promised. */
export const STORE_TABS: Readonly<Record<StoreTabName, StoreTab>> = {
  overview: { path: '', word: 'Overview', isFor: () => true },
  domains: { path: 'domains', word: 'Domains', isFor: (status) => status === 'active' || status === 'suspended' },
  logs: { path: 'logs', word: 'Logs', isFor: () => true },
  access: { path: 'access', word: 'Access', isFor: () => true },
  activity: { path: 'activity', word: 'Activity', isFor: () => true },
  settings: {
    path: 'settings',
    word: 'Settings',
    isFor: (status) => status === 'active' || status === 'suspended' || status === 'failed',
  },
};

/** Where a tab of a store is. */
export function tabUrl(storeId: string, tab: StoreTabName): string {
  const { path } = STORE_TABS[tab];
  return path === '' ? `/stores/${storeId}` : `/stores/${storeId}/${path}`;
}

/** The way into a store's administration: by a link that works once, else to its own login. */
export const openAdminUrl = (storeId: string): string => `/stores/${storeId}/open-admin`;

/** Where phpMyAdmin is asked for, and closed. */
export const databaseUrl = (storeId: string): string => `/stores/${storeId}/database`;

/** Where a new password of the shop is asked for. */
export const newPasswordUrl = (storeId: string): string => `/stores/${storeId}/new-password`;

/** Where a store that was never open is cancelled. */
export const cancelUrl = (storeId: string): string => `/stores/${storeId}/cancel`;

/** What the browser's own tab says of a page of a store: `Logs · shop-1 · ShopHosting`. */
export function storePageTitle(word: string, store: { readonly name: string } | undefined): string {
  return [word, ...(store === undefined ? [] : [store.name]), 'ShopHosting'].join(' · ');
}

/** The tabs of a store as it is. */
export function tabsOf(status: StoreStatus): readonly StoreTabName[] {
  return (Object.keys(STORE_TABS) as StoreTabName[]).filter((name) => STORE_TABS[name].isFor(status));
}
