import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

/** To the owner of the account: what stood in for the second factor is one less. */
export const recoveryCodeUsed: Template<MailFacts<'recovery-code-used'>> = {
  subject: () => 'A recovery code was used',
  body: ({ email, left, when, where, securityUrl }) => (
    <Layout
      preview={`So many are left: ${left}.`}
      heading="A recovery code was used"
      reason={`You get this mail because somebody opened the account ${email} with a recovery code, and its owner should know.`}
    >
      <Paragraph>
        That code opens nothing any more. If it was you and your second factor is lost, remove it and set up another
        one.
      </Paragraph>
      <Paragraph>If it was not you, change your password and make new recovery codes at once.</Paragraph>
      <Facts
        facts={[
          { label: 'Codes left', value: left },
          { label: 'When', value: when },
          { label: 'From', value: where },
          { label: 'Your security page', value: securityUrl, href: securityUrl },
        ]}
      />
    </Layout>
  ),
};
