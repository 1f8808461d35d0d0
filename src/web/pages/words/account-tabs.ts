/** The pages of an account, in the order of their tabs; `inFull` where a word says too little away from the others. */
export const ACCOUNT_TABS = [
  { label: 'Profile', to: '/account' },
  { label: 'Security', to: '/account/security' },
  { label: 'Sessions', to: '/account/sessions' },
  { label: 'API tokens', to: '/account/tokens' },
  { label: 'Activity', to: '/account/activity' },
  { label: 'Webhooks', to: '/account/webhooks' },
  { label: 'Data', to: '/account/data', inFull: 'Download your data' },
] as const;

/** A tab, by its address. */
export type AccountTab = (typeof ACCOUNT_TABS)[number]['to'];
