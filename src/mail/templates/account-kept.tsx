import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** The deletion was called off. */
export const accountKept: Template<MailFacts<'account-kept'>> = {
  subject: () => 'Your account stays',
  body: ({ email, dashboardUrl }) => (
    <Layout
      preview="Nothing will be deleted."
      heading="Your account stays"
      reason={`You get this mail because the deletion of the account ${email} was called off.`}
    >
      <Paragraph>
        The deletion of your account was called off. Your shops come back as they were before it: those that were open
        open again within a minute.
      </Paragraph>
      <Facts facts={[{ label: 'Your stores', value: dashboardUrl, href: dashboardUrl }]} />
    </Layout>
  ),
};
