import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The owner has asked for the end of the account; there is time to think better of it. */
export const accountDeletionScheduled: Template<MailFacts<'account-deletion-scheduled'>> = {
  subject: () => 'Your account will be deleted',
  body: ({ email, dueDate, loginUrl }) => (
    <Layout
      preview={`On ${dueDate}, unless you log in and keep it.`}
      heading="Your account will be deleted"
      reason={`You get this mail because somebody, hopefully you, asked for the deletion of the account ${email}.`}
    >
      <Paragraph>
        Your account and all its stores will be deleted for good. Your shops are closed from now on, and until then
        everything is kept. If you think better of it, or it was not you: log in and press{' '}
        <strong>Keep my account</strong>.
      </Paragraph>
      <Press href={loginUrl}>Log in and keep it</Press>
      <Facts facts={[{ label: 'Deleted on', value: dueDate }]} />
    </Layout>
  ),
};
