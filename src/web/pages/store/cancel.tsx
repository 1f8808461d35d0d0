import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { isBeingMade } from '../../../domain/lifecycle.ts';
import { NamedEnd } from '../components/named-end.tsx';
import { StoreCrumbs } from '../components/store-crumbs.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: Awaited<ReturnType<typeof loader>> | undefined }) => [
  { title: storePageTitle('Cancel', loaderData?.store) },
];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const frame = await storeFrameOf(page, params['storeId'], 'overview');
  // It may be open by now: then it is deleted in its settings, with days to undo that.
  if (!isBeingMade(frame.store.status)) throw redirect(tabUrl(frame.store.id, 'overview'), 303);
  requireFresh(page, url);
  return frame;
}

export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const storeId = params['storeId'] ?? '';
  const name = textOf(await formOf(request), 'name');
  try {
    const { token, visitor, session } = page;
    await page.services.life.cancel({ customerId: session.customerId, token, visitor }, storeId, name);
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { name }, fieldNames: { name: 'name' } });
  }
  const headers = flash(page, 'Your store is cancelled, and what was made of it is taken down.');
  return redirect(tabUrl(storeId, 'overview'), { status: 303, headers });
}

export default function CancelPage() {
  const { store, siblings } = useLoaderData<typeof loader>();
  return (
    <section className="narrow">
      <StoreCrumbs store={store} siblings={siblings} tab="overview" here="Cancel" />
      <div className="heading">
        <h1>Cancel {store.name}</h1>
        <p className="soft">
          It was never open, so there are no days in which this can be undone: it stops after the step that it is at.
          Then all of this goes for good:
        </p>
      </div>
      <NamedEnd
        name={store.name}
        act={`Cancel store ${store.name}`}
        back={tabUrl(store.id, 'overview')}
        refusal={useActionData<typeof action>()}
      >
        <ul className="danger-list">
          <li>What was made of it so far</li>
          <li>The name {store.name}, which anybody may take then</li>
        </ul>
      </NamedEnd>
    </section>
  );
}
