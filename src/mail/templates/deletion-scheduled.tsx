import type { MailFacts } from '../mail-kinds.ts';
import { BECAUSE_IT_IS_YOURS, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The shop is closed and will go: until when that can be undone, and where. */
export const deletionScheduled: Template<MailFacts<'deletion-scheduled'>> = {
  subject: ({ title }) => `${title} will be deleted`,
  body: ({ title, dueDate, storeUrl }) => (
    <Layout
      preview={`Until ${dueDate} this can be undone.`}
      heading={`${title} will be deleted`}
      reason={BECAUSE_IT_IS_YOURS}
    >
      <Paragraph>
        You have deleted this shop. It is closed now, and everything in it is kept until {dueDate}. Then it goes for
        good.
      </Paragraph>
      <Paragraph>If this was not you, or you have changed your mind, undo it on the page of your shop.</Paragraph>
      <Press href={storeUrl}>Undo the deletion</Press>
    </Layout>
  ),
};
