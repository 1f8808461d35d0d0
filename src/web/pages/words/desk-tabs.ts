/** The pages of the desk, in the order of their tabs. */
export const DESK_TABS = {
  overview: { label: 'Overview', to: '/admin' },
  customers: { label: 'Customers', to: '/admin/customers' },
  stores: { label: 'Stores', to: '/admin/stores' },
  runs: { label: 'Runs', to: '/admin/runs' },
  pool: { label: 'Made ahead', to: '/admin/pool' },
  ledger: { label: 'Ledger', to: '/admin/ledger' },
  mail: { label: 'Mail', to: '/admin/mail' },
  settings: { label: 'Settings', to: '/admin/settings' },
} as const;
export type DeskTabName = keyof typeof DESK_TABS;

/** What the browser's own tab says of a page of the desk: `Runs · Desk · ShopHosting`. */
export const deskPageTitle = (word: string): string => `${word} · Desk · ShopHosting`;
