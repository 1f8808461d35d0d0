import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { WebhookForm } from '../components/webhook-form.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { refuseWebhook, webhookWishOf } from '../request/webhook-wish.ts';
import { WEBHOOKS_URL, webhookUrl } from '../words/webhooks.ts';

export const meta = () => [{ title: 'Change a webhook · ShopHosting' }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { customerId } = page.session;
  return { webhook: await orProblem(page, page.services.webhooks.get(customerId, params['webhookId'] ?? '')) };
}

export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const webhookId = params['webhookId'] ?? '';
  const wish = webhookWishOf(await formOf(request));
  try {
    const { customerId } = page.session;
    await page.services.webhooks.change({ ...wish, customerId, webhookId, origin: page.origin });
    return redirect(webhookUrl(webhookId), { status: 303, headers: flash(page, 'The webhook is changed.') });
  } catch (thrown) {
    return refuseWebhook(problemOf(thrown, page), wish);
  }
}

export default function ChangeWebhook() {
  const { webhook } = useLoaderData<typeof loader>();
  return (
    <AccountPage tab={WEBHOOKS_URL}>
      <WebhookForm
        label={`Change ${webhook.name}`}
        button="Save"
        known={webhook}
        back={webhookUrl(webhook.id)}
        refusal={useActionData<typeof action>()}
      />
    </AccountPage>
  );
}
