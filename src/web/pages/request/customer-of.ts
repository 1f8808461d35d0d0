import type { RouterContextProvider } from 'react-router';
import type { PageContext } from '../../page-context.ts';
import type { Session } from '../../services.ts';
import { pageOf } from './page-of.ts';

/** The page's context with the session in it. Only for pages under `access/customers.tsx`, which let nobody else in. */
export function customerOf(
  context: Readonly<RouterContextProvider>,
): PageContext & { readonly session: Session; readonly token: string } {
  const page = pageOf(context);
  const { session, token } = page;
  if (session === undefined || token === undefined) throw new Error('A page for customers was called by a guest');
  return { ...page, session, token };
}
