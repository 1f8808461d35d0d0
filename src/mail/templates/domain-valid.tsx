import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** A customer's own domain leads to the shop now. */
export const domainValid: Template<MailFacts<'domain-valid'>> = {
  subject: ({ domain }) => `${domain} is connected`,
  body: ({ domain, title, url, domainsUrl }) => (
    <Layout
      preview={`Visitors find ${title} there now.`}
      heading={`${domain} is connected`}
      reason={`You get this mail because you connected this domain to your shop ${title}.`}
    >
      <Paragraph>The domain leads to your shop now, over HTTPS. We renew its certificate by ourselves.</Paragraph>
      <Press href={url}>Visit your shop there</Press>
      <Paragraph>
        Make it the primary domain if your shop’s own links and mails are to use it: your shop then moves to the new
        address as a whole, and visitors of the old one are sent on.
      </Paragraph>
      <Facts facts={[{ label: 'Choose the primary domain', value: domainsUrl, href: domainsUrl }]} />
    </Layout>
  ),
};
