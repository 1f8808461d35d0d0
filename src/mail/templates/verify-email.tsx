import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** With the link that shows whose the address is. */
export const verifyEmail: Template<MailFacts<'verify-email'>> = {
  subject: () => 'Please confirm your e-mail address',
  body: ({ email, verifyUrl, validFor }) => (
    <Layout
      preview="One press, and the address is yours here."
      heading="Is this your address?"
      reason={`You get this mail because somebody, hopefully you, gave ${email} for an account. If it was not you, you need not do anything: nobody can confirm it without this mail and the account's password.`}
    >
      <Paragraph>
        Please confirm that this address is yours. Until then your account cannot have a domain of its own or a second
        store.
      </Paragraph>
      <Press href={verifyUrl}>Confirm my address</Press>
      <Facts
        facts={[
          { label: 'Address', value: email },
          { label: 'The link works once, for', value: validFor },
        ]}
      />
    </Layout>
  ),
};
