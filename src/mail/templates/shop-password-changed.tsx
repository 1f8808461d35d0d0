import type { MailFacts } from '../mail-kinds.ts';
import { BECAUSE_IT_IS_YOURS, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** To the owner of the shop, whoever did it: one of its passwords is another one now. */
export const shopPasswordChanged: Template<MailFacts<'shop-password-changed'>> = {
  subject: ({ title, whose }) => `New password of ${whose}: ${title}`,
  body: ({ title, whose, sentence, accessUrl }) => (
    <Layout preview={sentence} heading={`The password of ${whose} was changed`} reason={BECAUSE_IT_IS_YOURS}>
      <Paragraph>
        For {title}, {whose} has a new password now. {sentence}
      </Paragraph>
      <Paragraph>
        You find it on the page of your shop, under Access. If it was not you who asked for it, change the password of
        your ShopHosting account at once, and then this one again.
      </Paragraph>
      <Press href={accessUrl}>Open Access</Press>
    </Layout>
  ),
};
