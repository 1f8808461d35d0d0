import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { StoreLogPage } from '../../../domain/log-lines.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import { ageOf, logWishFrom } from '../../log-wish.ts';
import { LogFilters } from '../components/log-filters.tsx';
import { LogViewer } from '../components/log-viewer.tsx';
import { Notice } from '../components/notice.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { customerOf } from '../request/customer-of.ts';
import { problemOf } from '../request/problem.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly store: StoreView } | undefined }) => [
  { title: storePageTitle('Logs', loaderData?.store) },
];

const NOTHING: StoreLogPage = { sources: [], lines: [], leftOut: 0, places: '' };

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { store, siblings } = await storeFrameOf(page, params['storeId'], 'logs');
  const { searchParams } = new URL(request.url);
  const wish = logWishFrom(searchParams);
  const shown = { store, siblings, wish, age: ageOf(searchParams), query: searchParams.toString() };
  try {
    return { ...shown, page: await page.services.logs.read(page.token, store.id, wish), trouble: null };
  } catch (thrown) {
    // The page stands, also while there is nobody to read: other sources, or another moment, are a click away.
    return { ...shown, page: NOTHING, trouble: problemOf(thrown, page).sentence };
  }
}

export default function LogsPage() {
  const { store, siblings, wish, age, query, page, trouble } = useLoaderData<typeof loader>();
  return (
    <StoreFrame store={store} siblings={siblings} tab="logs">
      <section className="stack" aria-labelledby="logs-title">
        <h2 id="logs-title">Logs</h2>
        <LogFilters wish={wish} age={age} sources={page.sources} />
        {trouble !== null && (
          <Notice icon="alert" tone="bad">
            {trouble}
          </Notice>
        )}
        <LogViewer key={query} storeId={store.id} page={page} wish={wish} query={query} />
      </section>
    </StoreFrame>
  );
}
