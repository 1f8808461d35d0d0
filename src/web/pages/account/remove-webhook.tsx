import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { orProblem } from '../request/problem.ts';
import { WEBHOOKS_URL, webhookUrl } from '../words/webhooks.ts';
import '../components/danger-row.css';

export const meta = () => [{ title: 'Remove a webhook · ShopHosting' }];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId } = page.session;
  return { webhook: await orProblem(page, page.services.webhooks.get(customerId, params['webhookId'] ?? '')) };
}

export async function action({ params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { customerId } = page.session;
  const of = { customerId, webhookId: params['webhookId'] ?? '', origin: page.origin };
  await orProblem(page, page.services.webhooks.remove(of));
  return redirect(WEBHOOKS_URL, { status: 303, headers: flash(page, 'The webhook is removed.') });
}

export default function RemoveWebhook() {
  const { webhook } = useLoaderData<typeof loader>();
  const busy = useNavigation().state !== 'idle';
  return (
    <AccountPage tab={WEBHOOKS_URL}>
      <Form method="post" className="card stack" aria-label={`Remove ${webhook.name}`}>
        <h2>Remove {webhook.name}?</h2>
        <ul className="danger-list">
          <li>It is told nothing any more, also nothing of what waits.</li>
          <li>The list of its deliveries and its signing secret are gone.</li>
        </ul>
        <div className="row">
          <Button component={Link} to={webhookUrl(webhook.id)} variant="default" autoFocus={true}>
            Keep it
          </Button>
          <Button type="submit" variant="default" className="danger-button" loading={busy}>
            Remove {webhook.name}
          </Button>
        </div>
      </Form>
    </AccountPage>
  );
}
