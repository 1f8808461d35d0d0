import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router';
import { AccountForm } from '../components/account-form.tsx';
import { AccountPage } from '../components/account-page.tsx';
import { WebhookSecret } from '../components/webhook-secret.tsx';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { WEBHOOKS_URL, webhookUrl } from '../words/webhooks.ts';

export const meta = () => [{ title: 'New signing secret · ShopHosting' }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { customerId } = page.session;
  return { webhook: await orProblem(page, page.services.webhooks.get(customerId, params['webhookId'] ?? '')) };
}

export async function action({ params, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { customerId } = page.session;
  const of = { customerId, webhookId: params['webhookId'] ?? '', origin: page.origin };
  return orProblem(page, page.services.webhooks.rotateSecret(of));
}

export default function RotateWebhook() {
  const { webhook } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <AccountPage tab={WEBHOOKS_URL}>
      {answer === undefined ? (
        <AccountForm
          label="New signing secret"
          heading={`A new signing secret for ${webhook.name}`}
          button="Make a new secret"
          leave={{ to: webhookUrl(webhook.id), label: 'Cancel' }}
        >
          <p>
            For a day every message carries two signatures, by the new secret and by the one before, so that your
            program can follow without missing anything. After that the old one counts no more.
          </p>
        </AccountForm>
      ) : (
        <WebhookSecret title="The new signing secret" secret={answer.secret} webhookId={webhook.id} />
      )}
    </AccountPage>
  );
}
