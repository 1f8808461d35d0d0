import type { MailFacts } from '../mail-kinds.ts';
import { Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The last mail about a shop. */
export const deleted: Template<MailFacts<'deleted'>> = {
  subject: ({ title }) => `${title} is deleted`,
  body: ({ title, name, dashboardUrl }) => (
    <Layout
      preview="Nothing of it is left with us."
      heading={`${title} is deleted`}
      reason="You get this mail because this shop belonged to your account."
    >
      <Paragraph>
        Everything of it is gone: its files, its database, its address and its passwords. The name {name} is free again.
      </Paragraph>
      <Press href={dashboardUrl}>Look at your other stores</Press>
    </Layout>
  ),
};
