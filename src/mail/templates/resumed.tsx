import type { MailFacts } from '../mail-kinds.ts';
import { BECAUSE_IT_IS_YOURS, Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** The shop is open again. */
export const resumed: Template<MailFacts<'resumed'>> = {
  subject: ({ title }) => `${title} is open again`,
  body: ({ title, url, storeUrl }) => (
    <Layout preview="Everything is as it was before." heading={`${title} is open again`} reason={BECAUSE_IT_IS_YOURS}>
      <Paragraph>Visitors get in again, and everything is as it was before.</Paragraph>
      <Press href={url}>Visit your shop</Press>
      <Facts facts={[{ label: 'Its page in the panel', value: storeUrl, href: storeUrl }]} />
    </Layout>
  ),
};
