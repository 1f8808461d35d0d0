import { redirect } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import type { PageContext } from '../../page-context.ts';
import type { Session, StoreSibling } from '../../services.ts';
import { STORE_TABS, type StoreTabName, tabUrl } from '../words/store-tabs.ts';
import { orProblem } from './problem.ts';

/**
 * What `StoreFrame` shows around a tab's page, for the loader of that page. Somebody else's store is not found; where
 * the tab is not one of this store as it is, the answer is its overview.
 */
export async function storeFrameOf(
  page: PageContext & { readonly session: Session },
  storeId: string | undefined,
  tab: StoreTabName,
): Promise<{ readonly store: StoreView; readonly siblings: readonly StoreSibling[] }> {
  const { customerId } = page.session;
  const { stores } = page.services;
  const [store, siblings] = await orProblem(
    page,
    Promise.all([stores.view(customerId, storeId ?? ''), stores.siblings(customerId)]),
  );
  if (!STORE_TABS[tab].isFor(store.status)) throw redirect(tabUrl(store.id, 'overview'), 303);
  return { store, siblings };
}
