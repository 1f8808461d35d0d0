import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** To the owner of an address that another account wants to have confirmed: only they may know that it is held. */
export const addressHeld: Template<MailFacts<'address-held'>> = {
  subject: () => 'Your e-mail address has an account already',
  body: ({ email, loginUrl }) => (
    <Layout
      preview="Nothing has changed."
      heading="Your address has an account already"
      reason={`You get this mail because somebody asked to confirm ${email} for another account. If it was not you, you need not do anything.`}
    >
      <Paragraph>
        Somebody, perhaps you, wants this address for another account. One account has it for good already, so nothing
        was changed. Log in to that one, or give the other account another address.
      </Paragraph>
      <Facts
        facts={[
          { label: 'Address', value: email },
          { label: 'Log in', value: loginUrl, href: loginUrl },
        ]}
      />
    </Layout>
  ),
};
