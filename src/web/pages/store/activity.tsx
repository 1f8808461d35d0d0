import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { ActivityList } from '../components/activity-list.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { beforeOf } from '../request/before-of.ts';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly store: StoreView } | undefined }) => [
  { title: storePageTitle('Activity', loaderData?.store) },
];

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId } = page.session;
  const { stores, ledger } = page.services;
  const storeId = params['storeId'] ?? '';
  const before = beforeOf(request);
  const [store, siblings, activity] = await orProblem(
    page,
    Promise.all([
      stores.view(customerId, storeId),
      stores.siblings(customerId),
      ledger.storeActivity(customerId, storeId, { before }),
    ]),
  );
  return { store, siblings, activity, isOlder: before !== undefined };
}

export default function ActivityOfStore() {
  const { store, siblings, activity, isOlder } = useLoaderData<typeof loader>();
  return (
    <StoreFrame store={store} siblings={siblings} tab="activity">
      <section className="stack" aria-labelledby="activity-heading">
        <h2 id="activity-heading">Activity</h2>
        <p className="soft">
          Everything that was done to this store, by you, by us and by the platform itself. Nobody can change or remove
          a line.
        </p>
        <ActivityList
          activity={activity}
          to={tabUrl(store.id, 'activity')}
          isOlder={isOlder}
          whenEmpty="Nothing has happened yet."
        />
      </section>
    </StoreFrame>
  );
}
