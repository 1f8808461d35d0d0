import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** For an operator who sets mail up: that it arrived is all it says. */
export const test: Template<MailFacts<'test'>> = {
  subject: () => 'Mail from ShopHosting works',
  body: ({ publicUrl, sentAt }) => (
    <Layout
      preview="A test of the mail settings."
      heading="Mail works"
      reason="You get this mail because an operator of the platform tried out its mail settings with your address."
    >
      <Paragraph>If you can read this, mail of this platform reaches you. There is nothing to do.</Paragraph>
      <Facts
        facts={[
          { label: 'Platform', value: publicUrl, href: publicUrl },
          { label: 'Sent', value: sentAt },
        ]}
      />
    </Layout>
  ),
};
