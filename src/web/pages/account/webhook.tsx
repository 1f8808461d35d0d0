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
import { FactGrid } from '../components/fact-grid.tsx';
import { Notice } from '../components/notice.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { WebhookDeliveries } from '../components/webhook-deliveries.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, textOf } from '../request/form.ts';
import { orProblem } from '../request/problem.ts';
import { SWITCHED_OFF_WORDS, WEBHOOKS_URL, webhookUrl, webhookWording } from '../words/webhooks.ts';

export const meta = () => [{ title: 'Webhook · ShopHosting' }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId } = page.session;
  const { webhooks } = page.services;
  const webhookId = params['webhookId'] ?? '';
  const before = url.searchParams.get('before') || undefined;
  const [webhook, deliveries] = await orProblem(
    page,
    Promise.all([webhooks.get(customerId, webhookId), webhooks.deliveries(customerId, webhookId, { before })]),
  );
  return { webhook, deliveries, isOlder: before !== undefined };
}

export async function action({ params, request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const form = await formOf(request);
  const webhookId = params['webhookId'] ?? '';
  const of = { customerId: page.session.customerId, webhookId, origin: page.origin };
  const said = (sentence: string) => redirect(webhookUrl(webhookId), { status: 303, headers: flash(page, sentence) });
  const { webhooks } = page.services;
  switch (textOf(form, 'intent')) {
    case 'test':
      await orProblem(page, webhooks.sendTest(of));
      return said('A test is on its way. Look again in a few seconds.');
    case 'resend':
      await orProblem(page, webhooks.resend({ ...of, deliveryId: textOf(form, 'delivery') }));
      return said('It is on its way once more.');
    case 'on':
      await orProblem(page, webhooks.setEnabled({ ...of, isEnabled: true }));
      return said('The webhook is on.');
    case 'off':
      await orProblem(page, webhooks.setEnabled({ ...of, isEnabled: false }));
      return said('The webhook is off. What waited for it is given up.');
    default:
      return redirect(webhookUrl(webhookId), 303);
  }
}

export default function Webhook() {
  const { webhook, deliveries, isOlder } = useLoaderData<typeof loader>();
  const busy = useNavigation().state !== 'idle';
  const { id, name, url, events, isEnabled, switchedOff, failingSince } = webhook;
  return (
    <AccountPage tab={WEBHOOKS_URL}>
      <section className="card stack" aria-labelledby="webhook-name">
        <h2 id="webhook-name">{name}</h2>
        {switchedOff !== null && (
          <Notice icon="alert" tone="bad">
            <p>{SWITCHED_OFF_WORDS[switchedOff]}</p>
          </Notice>
        )}
        <FactGrid
          facts={[
            { key: 'state', label: 'State', value: <StatusBadge wording={webhookWording(webhook)} /> },
            { key: 'address', label: 'Address', value: <code>{url}</code> },
            { key: 'events', label: 'Told of', value: events.join(', ') },
            ...(failingSince === null
              ? []
              : [{ key: 'failing', label: 'Takes nothing since', value: <TimeAgo at={failingSince} /> }]),
          ]}
        />
        <Form method="post" className="row" aria-label={`What to do with ${name}`}>
          {isEnabled ? (
            <>
              <Button type="submit" name="intent" value="test" disabled={busy}>
                Send test
              </Button>
              <Button type="submit" name="intent" value="off" variant="default" disabled={busy}>
                Switch off
              </Button>
            </>
          ) : (
            <Button type="submit" name="intent" value="on" disabled={busy}>
              Switch on
            </Button>
          )}
          <Button component={Link} to={webhookUrl(id, '/change')} variant="default">
            Change
          </Button>
          <Button component={Link} to={webhookUrl(id, '/secret')} variant="default">
            New secret
          </Button>
          <Button component={Link} to={webhookUrl(id, '/remove')} variant="default">
            Remove
          </Button>
        </Form>
      </section>
      <section className="stack" aria-labelledby="deliveries-title">
        <h2 id="deliveries-title">Deliveries</h2>
        <p className="soft">
          The last thirty days. A message that is not taken is tried again for about a day, later each time. A receiver
          knows a message that it has seen by its id.
        </p>
        {deliveries.items.length === 0 ? (
          <p className="soft">{isOlder ? 'There is nothing older.' : 'Nothing was sent in this time.'}</p>
        ) : (
          <WebhookDeliveries deliveries={deliveries} canSend={isEnabled} />
        )}
        {(isOlder || deliveries.before !== null) && (
          <p className="row">
            {isOlder && <Link to={webhookUrl(id)}>Newest</Link>}
            {deliveries.before !== null && <Link to={webhookUrl(id, `?before=${deliveries.before}`)}>Older</Link>}
          </p>
        )}
      </section>
    </AccountPage>
  );
}
