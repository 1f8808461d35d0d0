import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** A domain does not lead to the shop, or not any more: what was found, and the one thing to change. */
export const domainProblem: Template<MailFacts<'domain-problem'>> = {
  subject: ({ domain }) => `${domain} needs your attention`,
  body: ({ domain, title, sentence, fix, domainsUrl }) => (
    <Layout
      preview={sentence}
      heading={`${domain} needs your attention`}
      reason={`You get this mail because you connected this domain to your shop ${title}.`}
    >
      <Paragraph>{sentence}</Paragraph>
      <Paragraph>{fix}</Paragraph>
      <Press href={domainsUrl}>Look at what was found</Press>
      <Paragraph>
        Your shop itself is not affected. We look again by ourselves, and tell you when all is well.
      </Paragraph>
      <Facts facts={[{ label: 'Your domains', value: domainsUrl, href: domainsUrl }]} />
    </Layout>
  ),
};
