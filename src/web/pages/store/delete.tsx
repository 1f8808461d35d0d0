import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { NamedEnd } from '../components/named-end.tsx';
import { StoreCrumbs } from '../components/store-crumbs.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { diskInWords } from '../words/plans.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: Awaited<ReturnType<typeof loader>> | undefined }) => [
  { title: storePageTitle('Delete', loaderData?.store) },
];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const frame = await storeFrameOf(page, params['storeId'], 'settings');
  requireFresh(page, url);
  const goes = await orProblem(page, page.services.life.whatGoes(page.session.customerId, frame.store.id));
  return { ...frame, goes };
}

export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const storeId = params['storeId'] ?? '';
  const name = textOf(await formOf(request), 'name');
  try {
    await page.services.life.scheduleDelete(page.session.customerId, storeId, name, page.origin);
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { name }, fieldNames: { name: 'name' } });
  }
  const headers = flash(page, 'Your store is being closed. You can undo this for seven days.');
  return redirect(tabUrl(storeId, 'overview'), { status: 303, headers });
}

export default function DeletePage() {
  const { store, siblings, goes } = useLoaderData<typeof loader>();
  return (
    <section className="narrow">
      <StoreCrumbs store={store} siblings={siblings} tab="settings" here="Delete" />
      <div className="heading">
        <h1>Delete {store.name}</h1>
        <p className="soft">
          It is closed at once. For {goes.graceDays} days you can undo that; then all of this goes for good:
        </p>
      </div>
      <NamedEnd
        name={store.name}
        act={`Delete store ${store.name}`}
        back={tabUrl(store.id, 'settings')}
        refusal={useActionData<typeof action>()}
      >
        <ul className="danger-list">
          <li>
            {goes.domains.length === 1 ? 'One address' : `${goes.domains.length} addresses`}: {goes.domains.join(', ')}
          </li>
          <li>{goes.databases === 1 ? 'One database' : `${goes.databases} databases`} with all orders and customers</li>
          <li>
            Its files: pictures, themes, extensions
            {goes.diskBytes !== null && ` (with the database ${diskInWords(goes.diskBytes)})`}
          </li>
          <li>Its passwords, certificates and logs</li>
          <li>The name {store.name}, which anybody may take then</li>
        </ul>
      </NamedEnd>
    </section>
  );
}
