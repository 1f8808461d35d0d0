import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData } from 'react-router';
import { WEBHOOK_EVENT_NAMES } from '../../../domain/webhooks.ts';
import { AccountPage } from '../components/account-page.tsx';
import { WebhookForm } from '../components/webhook-form.tsx';
import { WebhookSecret } from '../components/webhook-secret.tsx';
import { customerOf } from '../request/customer-of.ts';
import { formOf } from '../request/form.ts';
import { problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { refuseWebhook, webhookWishOf } from '../request/webhook-wish.ts';
import { WEBHOOKS_URL } from '../words/webhooks.ts';

export const meta = () => [{ title: 'Add a webhook · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  requireFresh(customerOf(context), url);
  return null;
}

/** The secret is in this answer alone: going back and forth does not show it again. */
export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const wish = webhookWishOf(await formOf(request));
  try {
    const { customerId } = page.session;
    const { webhook, secret } = await page.services.webhooks.add({ ...wish, customerId, origin: page.origin });
    return { made: { id: webhook.id, secret } };
  } catch (thrown) {
    return refuseWebhook(problemOf(thrown, page), wish);
  }
}

export default function AddWebhook() {
  const answer = useActionData<typeof action>();
  const made = answer !== undefined && 'made' in answer ? answer.made : undefined;
  return (
    <AccountPage tab={WEBHOOKS_URL}>
      {made === undefined ? (
        <WebhookForm
          label="Add a webhook"
          button="Add this webhook"
          known={{ name: '', url: '', events: WEBHOOK_EVENT_NAMES }}
          back={WEBHOOKS_URL}
          refusal={answer !== undefined && 'errors' in answer ? answer : undefined}
        />
      ) : (
        <WebhookSecret title="Your webhook is ready" secret={made.secret} webhookId={made.id} />
      )}
    </AccountPage>
  );
}
