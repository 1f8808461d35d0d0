import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** A certificate cannot be renewed, and its end is in sight. */
export const certificateProblem: Template<MailFacts<'certificate-problem'>> = {
  subject: ({ domain, until }) => `The certificate of ${domain} ends on ${until}`,
  body: ({ domain, title, reason, until, domainsUrl }) => (
    <Layout
      preview={`It could not be renewed: ${reason}`}
      heading={`The certificate of ${domain} could not be renewed`}
      reason={`You get this mail because you connected this domain to your shop ${title}.`}
    >
      <Paragraph>{reason}</Paragraph>
      <Paragraph>
        Until {until} nothing changes for your visitors; after that day browsers would warn of your shop under this
        name. We keep trying. Mostly it is the domain’s DNS records that changed.
      </Paragraph>
      <Press href={domainsUrl}>Look at what was found</Press>
      <Facts facts={[{ label: 'Your domains', value: domainsUrl, href: domainsUrl }]} />
    </Layout>
  ),
};
