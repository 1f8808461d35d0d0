import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The shop could not be made: what happened, in plain words, and what to do about it. */
export const failed: Template<MailFacts<'failed'>> = {
  subject: ({ title }) => `${title} could not be made yet`,
  body: ({ title, sentence, nextStep, storeUrl, reference }) => (
    <Layout
      preview={sentence}
      heading={`${title} could not be made yet`}
      reason="You get this mail because somebody, hopefully you, ordered this shop with your address."
    >
      <Paragraph>{sentence}</Paragraph>
      <Paragraph>{nextStep}</Paragraph>
      <Press href={storeUrl}>Open your shop’s page</Press>
      <Facts facts={[{ label: 'If you ask for help, name this reference', value: reference }]} />
    </Layout>
  ),
};
