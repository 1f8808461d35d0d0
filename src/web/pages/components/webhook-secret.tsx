import { webhookUrl } from '../words/webhooks.ts';
import { ShownOnce } from './shown-once.tsx';

/** The signing secret of a webhook, the one time that it is shown. */
export function WebhookSecret(props: { readonly title: string; readonly secret: string; readonly webhookId: string }) {
  const { title, secret, webhookId } = props;
  return (
    <ShownOnce title={title} secret={secret} what="the signing secret" to={webhookUrl(webhookId)}>
      Put this signing secret where your program keeps its secrets. With it you see that a message is from us and not
      older than it says. It is not shown again; you can make a new one at any time.
    </ShownOnce>
  );
}
