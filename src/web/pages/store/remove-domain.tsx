import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { ErrorSummary } from '../components/error-summary.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { refuse } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';
import '../components/danger-row.css';

export const meta = ({ loaderData }: { readonly loaderData?: Awaited<ReturnType<typeof loader>> | undefined }) => [
  { title: storePageTitle('Remove a domain', loaderData?.store) },
];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const frame = await storeFrameOf(page, params['storeId'], 'domains');
  const { domains } = await orProblem(page, page.services.domains.list(page.session.customerId, frame.store.id));
  const domain = domains.find(({ hostname }) => hostname === params['hostname']);
  if (domain === undefined || domain.isPrimary) throw redirect(tabUrl(frame.store.id, 'domains'), 303);
  return { ...frame, hostname: domain.hostname, wasConnected: domain.validAt !== null };
}

export async function action({ params, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const [storeId, hostname] = [params['storeId'] ?? '', params['hostname'] ?? ''];
  const { customerId } = page.session;
  try {
    await page.services.domains.remove({ customerId, storeId, hostname, origin: page.origin });
    return redirect(tabUrl(storeId, 'domains'), { status: 303, headers: flash(page, `${hostname} is being removed.`) });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: {}, fieldNames: {} });
  }
}

export default function RemoveDomain() {
  const { store, siblings, hostname, wasConnected } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const isBusy = useNavigation().state !== 'idle';
  return (
    <StoreFrame store={store} siblings={siblings} tab="domains">
      <Form method="post" className="card stack narrow" aria-label={`Remove ${hostname}`}>
        <h2>Remove {hostname}?</h2>
        <ErrorSummary refusal={refusal} />
        {wasConnected ? (
          <ul className="danger-list">
            <li>Visitors of {hostname} do not reach your store any more.</li>
            <li>Its certificate is deleted.</li>
            <li>For a while only you can connect it again.</li>
          </ul>
        ) : (
          <p>It was not connected yet. You can add it again at any time.</p>
        )}
        <p className="soft">Your store itself and its other addresses stay as they are.</p>
        <div className="row">
          <Button component={Link} to={tabUrl(store.id, 'domains')} variant="default" autoFocus={true}>
            Keep it
          </Button>
          <Button type="submit" variant="default" className="danger-button" loading={isBusy}>
            Remove {hostname}
          </Button>
        </div>
      </Form>
    </StoreFrame>
  );
}
