import type { Found } from '../../services/find.ts';
import { ACCOUNT_TABS } from './account-tabs.ts';
import { DESK_TABS } from './desk-tabs.ts';

const page = (label: string, to: string, more = ''): Found => ({ kind: 'page', label, to, more });

const OF_ACCOUNT = 'Your account';
const FOR_CUSTOMERS: readonly Found[] = [
  page('Your stores', '/dashboard?all'),
  page('Add a store', '/signup'),
  ...ACCOUNT_TABS.map((tab) => page('inFull' in tab ? tab.inFull : tab.label, tab.to, OF_ACCOUNT)),
  page('Change your password', '/account/password', OF_ACCOUNT),
  page('Add a passkey', '/account/passkeys', OF_ACCOUNT),
  page('Log out', '/logout'),
];
const FOR_OPERATORS: readonly Found[] = Object.values(DESK_TABS).map(({ label, to }) => page(label, to, 'Desk'));

/** What can be done with a store, and the page where it is. */
const STORE_ACTS = [
  { label: 'Open admin', path: 'open-admin' },
  { label: 'Logs', path: 'logs' },
  { label: 'Domains', path: 'domains' },
  { label: 'Access', path: 'access' },
  { label: 'Credentials', path: 'access' },
  { label: 'Activity', path: 'activity' },
  { label: 'Settings', path: 'settings' },
  { label: 'Restart', path: 'settings' },
  { label: 'Pause', path: 'settings' },
  { label: 'Change plan', path: 'settings' },
  { label: 'Delete', path: 'delete' },
] as const;
/** One letter names too many. */
const FEWEST_LETTERS = 2;

/** An act that was asked for, and the words beside it, which name a store or nothing. */
export interface AskedAct {
  readonly label: string;
  readonly storeText: string;
  on(store: Found): Found;
}

/** `logs flowers` and `flowers logs` alike: acts that a word begins. Each is to be looked for on the stores it names. */
export function actsIn(text: string): readonly AskedAct[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return STORE_ACTS.flatMap(({ label, path }) => {
    const parts = label.toLowerCase().split(' ');
    const isOfAct = (word: string): boolean =>
      word.length >= FEWEST_LETTERS && parts.some((part) => part.startsWith(word));
    if (!words.some(isOfAct)) return [];
    return {
      label,
      storeText: words.filter((word) => !isOfAct(word)).join(' '),
      on: (store) => ({
        kind: 'page',
        label: `${label} · ${store.label}`,
        more: store.more,
        to: `${store.to}/${path}`,
      }),
    };
  });
}

/** Pages whose name has every word that was typed, in whatever order. */
export function pagesNamed(text: string, { isOperator }: { readonly isOperator: boolean }): readonly Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = isOperator ? [...FOR_CUSTOMERS, ...FOR_OPERATORS] : FOR_CUSTOMERS;
  return all.filter(({ label, more }) => words.every((word) => `${label} ${more}`.toLowerCase().includes(word)));
}
