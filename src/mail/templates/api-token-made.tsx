import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** To the owner of the account, whoever did it. */
export const apiTokenMade: Template<MailFacts<'api-token-made'>> = {
  subject: () => 'An API token was made',
  body: ({ email, name, scopes, until, when, where, accountUrl }) => (
    <Layout
      preview={`It works until ${until}.`}
      heading="An API token was made"
      reason={`You get this mail because somebody who is signed in to the account ${email} has made a token for programs, and its owner should know.`}
    >
      <Paragraph>
        Whoever has the token “{name}” can do with your account what it names, without your password. If you have made
        it, there is nothing to do.
      </Paragraph>
      <Paragraph>
        If it was not you, revoke it at once, and choose a new password: that signs everybody out and revokes every
        token.
      </Paragraph>
      <Facts
        facts={[
          { label: 'Name', value: name },
          { label: 'May do', value: scopes },
          { label: 'Works until', value: until },
          { label: 'When', value: when },
          { label: 'From', value: where },
          { label: 'Your tokens', value: accountUrl, href: accountUrl },
        ]}
      />
    </Layout>
  ),
};
