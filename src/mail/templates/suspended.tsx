import type { MailFacts } from '../mail-kinds.ts';
import { BECAUSE_IT_IS_YOURS, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The shop is closed: who closed it, why, and what is kept. */
export const suspended: Template<MailFacts<'suspended'>> = {
  subject: ({ title }) => `${title} is closed for now`,
  body: ({ title, sentence, text, storeUrl }) => (
    <Layout preview={sentence} heading={`${title} is closed for now`} reason={BECAUSE_IT_IS_YOURS}>
      <Paragraph>{sentence}</Paragraph>
      {text !== undefined && <Paragraph>{text}</Paragraph>}
      <Press href={storeUrl}>Open your shop’s page</Press>
    </Layout>
  ),
};
