import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** To the old address and the new one. `undoUrl` is for the owner of the old one alone. */
export const emailChanged: Template<MailFacts<'email-changed'>> = {
  subject: () => 'Your account has another e-mail address',
  body: ({ email, newEmail, when, where, loginUrl, undoUrl }) => (
    <Layout
      preview={`It was ${email}, it is ${newEmail} from now on.`}
      heading="Your account has another e-mail address"
      reason={`You get this mail because the address of an account was changed from ${email} to ${newEmail}, and its owner should know.`}
    >
      <Paragraph>
        From now on you log in with <strong>{newEmail}</strong>, and our mails go there. If that was you, there is
        nothing to do.
      </Paragraph>
      {undoUrl !== undefined && (
        <Paragraph>If it was not you, take your address back: everybody is signed out then, whoever it is.</Paragraph>
      )}
      <Facts
        facts={[
          { label: 'Before', value: email },
          { label: 'When', value: when },
          { label: 'From', value: where },
          { label: 'Log in', value: loginUrl, href: loginUrl },
          ...(undoUrl === undefined ? [] : [{ label: 'It was not you?', value: undoUrl, href: undoUrl }]),
        ]}
      />
    </Layout>
  ),
};
