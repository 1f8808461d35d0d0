import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** A webhook was switched off by us: nobody else would notice that it says nothing any more. */
export const webhookSwitchedOff: Template<MailFacts<'webhook-switched-off'>> = {
  // Whoever typed the name may want a stranger to read it.
  subject: () => 'One of your webhooks is switched off',
  body: ({ name, host, sentence, webhooksUrl }) => (
    <Layout
      preview={sentence}
      heading="One of your webhooks is switched off"
      reason="You get this mail because you set up this webhook in your account."
    >
      <Paragraph>{sentence}</Paragraph>
      <Paragraph>
        We tell it nothing any more. Once {host} takes messages again, switch it on; what it missed can be sent again
        from the list of its deliveries.
      </Paragraph>
      <Press href={webhooksUrl}>Look at your webhooks</Press>
      <Facts
        facts={[
          { label: 'Webhook', value: name },
          { label: 'Leads to', value: host },
          { label: 'Your webhooks', value: webhooksUrl, href: webhooksUrl },
        ]}
      />
    </Layout>
  ),
};
