import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** To the owner of the account, whoever did it: its password is another one now. */
export const passwordChanged: Template<MailFacts<'password-changed'>> = {
  subject: () => 'Your password was changed',
  body: ({ email, when, where, resetUrl }) => (
    <Layout
      preview="Every other browser was signed out."
      heading="Your password was changed"
      reason={`You get this mail because the password of the account ${email} was changed, and its owner should know.`}
    >
      <Paragraph>
        The password of your account is another one now, and every other browser was signed out. If that was you, there
        is nothing to do.
      </Paragraph>
      <Paragraph>
        If you have webhooks, look through them: each has to be one that you know. By a link to a new password they are
        switched off.
      </Paragraph>
      <Paragraph>If it was not you, choose a new password at once. That signs everybody out, whoever it is.</Paragraph>
      <Facts
        facts={[
          { label: 'When', value: when },
          { label: 'From', value: where },
          { label: 'It was not you?', value: resetUrl, href: resetUrl },
        ]}
      />
    </Layout>
  ),
};
