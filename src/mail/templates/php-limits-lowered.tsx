import type { MailFacts } from '../mail-kinds.ts';
import { BECAUSE_IT_IS_YOURS, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** A smaller plan allows a request less than its owner had chosen. */
export const phpLimitsLowered: Template<MailFacts<'php-limits-lowered'>> = {
  subject: ({ title }) => `What a request to ${title} may take is less now`,
  body: ({ title, sentence, storeUrl }) => (
    <Layout
      preview="The new plan allows less than you had chosen."
      heading={`A request to ${title} may take less now`}
      reason={BECAUSE_IT_IS_YOURS}
    >
      <Paragraph>The new plan of your shop allows less than you had chosen. {sentence}</Paragraph>
      <Paragraph>
        Large uploads and imports may not go through any more. A larger plan allows them again; you choose it, and then
        the limits, in the settings of your store.
      </Paragraph>
      <Press href={storeUrl}>Open your store</Press>
    </Layout>
  ),
};
