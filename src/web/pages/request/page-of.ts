import { createContext, type RouterContextProvider } from 'react-router';
import type { PageContext } from '../../page-context.ts';

/** Where the server's half of a request lies for loaders, actions and middleware. */
export const PAGE = createContext<PageContext>();

/** What the server handed to this request. Throws when it handed nothing: a mistake in the server, not in a page. */
export function pageOf(context: Readonly<RouterContextProvider>): PageContext {
  return context.get(PAGE);
}
