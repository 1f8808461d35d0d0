import type { MailFacts } from '../mail-kinds.ts';
import { BECAUSE_IT_IS_YOURS, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The shop stays, as it was before. */
export const deletionUndone: Template<MailFacts<'deletion-undone'>> = {
  subject: ({ title }) => `${title} stays`,
  body: ({ title, sentence, storeUrl }) => (
    <Layout preview={sentence} heading={`${title} stays`} reason={BECAUSE_IT_IS_YOURS}>
      <Paragraph>The deletion was undone. {sentence}</Paragraph>
      <Press href={storeUrl}>Open your shop’s page</Press>
    </Layout>
  ),
};
