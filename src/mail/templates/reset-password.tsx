import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** With the link to a new password. */
export const resetPassword: Template<MailFacts<'reset-password'>> = {
  subject: () => 'Choose a new password',
  body: ({ email, resetUrl, where, validFor }) => (
    <Layout
      preview="The link works once, for a short time."
      heading="Choose a new password"
      reason={`You get this mail because somebody asked for a new password for ${email}. If it was not you, you need not do anything: your password stays as it is.`}
    >
      <Paragraph>
        With this link you choose a new password. Every browser that is signed in is signed out then.
      </Paragraph>
      <Press href={resetUrl}>Choose a new password</Press>
      <Facts
        facts={[
          { label: 'Account', value: email },
          { label: 'Asked for from', value: where },
          { label: 'The link works once, for', value: validFor },
        ]}
      />
    </Layout>
  ),
};
