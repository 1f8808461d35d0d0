import type { Found } from '../../services/find.ts';
import { DESK_TABS } from './desk-tabs.ts';

const page = (label: string, to: string, more = ''): Found => ({ kind: 'page', label, to, more });

const FOR_CUSTOMERS: readonly Found[] = [
  page('Your stores', '/dashboard'),
  page('Add a store', '/signup'),
  page('Your account', '/account', 'Profile'),
  page('Security', '/account/security', 'Your account'),
];
const FOR_OPERATORS: readonly Found[] = Object.values(DESK_TABS).map(({ label, to }) => page(label, to, 'Desk'));

/** Pages whose name has every word that was typed, in whatever order. */
export function pagesNamed(text: string, { isOperator }: { readonly isOperator: boolean }): readonly Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = isOperator ? [...FOR_CUSTOMERS, ...FOR_OPERATORS] : FOR_CUSTOMERS;
  return all.filter(({ label, more }) => words.every((word) => `${label} ${more}`.toLowerCase().includes(word)));
}
