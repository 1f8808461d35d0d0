import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** To the owner of the account, whoever it was: somebody has logged in by a browser that is new to us. */
export const newDevice: Template<MailFacts<'new-device'>> = {
  subject: () => 'Your account was opened on a new device',
  body: ({ email, when, where, sessionsUrl, resetUrl }) => (
    <Layout
      preview={`From ${where}.`}
      heading="Your account was opened on a new device"
      reason={`You get this mail because somebody logged in to the account ${email} with a browser that we had not seen there, and its owner should know.`}
    >
      <Paragraph>
        If that was you, there is nothing to do: a browser that has forgotten its cookies is a new one to us, too.
      </Paragraph>
      <Paragraph>
        If it was not you, choose a new password at once. That signs everybody out, whoever it is. Then see on the
        Security page whether a passkey or an app was added.
      </Paragraph>
      <Facts
        facts={[
          { label: 'When', value: when },
          { label: 'From', value: where },
          { label: 'Where you are signed in', value: sessionsUrl, href: sessionsUrl },
          { label: 'It was not you?', value: resetUrl, href: resetUrl },
        ]}
      />
    </Layout>
  ),
};
