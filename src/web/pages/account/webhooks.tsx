import { Button } from '@mantine/core';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { MOST_ENDPOINTS } from '../../../domain/webhooks.ts';
import { AccountPage } from '../components/account-page.tsx';
import { Notice } from '../components/notice.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';
import { outcomeOf, WEBHOOKS_URL, webhookUrl, webhookWording } from '../words/webhooks.ts';
import '../components/webhook-deliveries.css';

export const meta = () => [{ title: 'Webhooks · ShopHosting' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId, isVerified } = page.session;
  return { webhooks: await orProblem(page, page.services.webhooks.list(customerId)), isVerified };
}

export default function Webhooks() {
  const { webhooks, isVerified } = useLoaderData<typeof loader>();
  return (
    <AccountPage tab={WEBHOOKS_URL}>
      <p className="soft">
        We tell programs of yours within seconds what happens to your stores and domains: a small signed message, posted
        to an address that you name here, and tried again for a day until it is taken.
      </p>
      {webhooks.length === 0 ? (
        <div className="card stack">
          <h2>No webhooks yet</h2>
          <p className="soft">
            Most people need none: we write you a mail about everything that matters. They are for programs, such as a
            chat or a dashboard of your own.
          </p>
        </div>
      ) : (
        <ul className="webhook-list" role="list">
          {webhooks.map((webhook) => (
            <li key={webhook.id} className="card stack">
              <h2>
                <Link to={webhookUrl(webhook.id)}>{webhook.name}</Link>
                <StatusBadge wording={webhookWording(webhook)} />
              </h2>
              <p className="small">
                <code>{webhook.url}</code>
              </p>
              <p className="soft small">
                {webhook.last === null ? (
                  <>Nothing was sent yet</>
                ) : (
                  <>
                    {webhook.last.type}: {outcomeOf(webhook.last)} · <TimeAgo at={webhook.last.createdAt} />
                  </>
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
      <div>
        {!isVerified ? (
          <Notice icon="mail" tone="waiting">
            <p>
              Confirm your e-mail address first: a webhook is only for somebody whom we can tell when it takes nothing.{' '}
              <Link to="/account">To your account</Link>
            </p>
          </Notice>
        ) : webhooks.length < MOST_ENDPOINTS ? (
          <Button component={Link} to={`${WEBHOOKS_URL}/new`}>
            Add a webhook
          </Button>
        ) : (
          <p className="soft">An account can have {MOST_ENDPOINTS} webhooks.</p>
        )}
      </div>
    </AccountPage>
  );
}
