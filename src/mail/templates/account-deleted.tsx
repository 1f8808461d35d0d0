import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** The last mail that an account gets. */
export const accountDeleted: Template<MailFacts<'account-deleted'>> = {
  subject: () => 'Your account is deleted',
  body: ({ email, homeUrl }) => (
    <Layout
      preview="With all its stores, as you wished."
      heading="Your account is deleted"
      reason={`You get this mail because the account ${email} was deleted. It is the last one.`}
    >
      <Paragraph>
        Your account and its stores are gone, as you wished. Thank you for having been here. You are welcome back at any
        time.
      </Paragraph>
      <Facts facts={[{ label: 'Where you were', value: homeUrl, href: homeUrl }]} />
    </Layout>
  ),
};
