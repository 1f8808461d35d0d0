import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The shop is open: where it is and how to get in, without the password. */
export const ready: Template<MailFacts<'ready'>> = {
  subject: ({ title }) => `${title} is open`,
  body: ({ title, url, adminUrl, username, dashboardUrl, adminNote }) => (
    <Layout
      preview="Visit it, and start to fill the shelves."
      heading={`${title} is open`}
      reason="You get this mail because somebody, hopefully you, made this shop with your address."
    >
      <Paragraph>
        Your shop is installed and reachable over HTTPS. Have a look, then start to fill the shelves.
      </Paragraph>
      <Press href={url}>Visit your shop</Press>
      <Facts
        facts={[
          { label: 'Manage it', value: adminUrl, href: adminUrl },
          { label: 'Your user name', value: username },
          { label: 'Your password', value: 'see your dashboard', href: dashboardUrl },
        ]}
      />
      {adminNote !== undefined && <Paragraph>{adminNote}</Paragraph>}
      <Paragraph>The password is not in this mail on purpose: mail passes through too many hands.</Paragraph>
    </Layout>
  ),
};
