import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph, Press } from './layout.tsx';
import type { Template } from './template.ts';

/** After the sign-up: the account is made, and the shop is being made. */
export const welcome: Template<MailFacts<'welcome'>> = {
  subject: ({ storeName }) => `Welcome! ${storeName} is being made`,
  body: ({ storeName, email, progressUrl, dashboardUrl }) => (
    <Layout
      preview={`Your account is ready, and your shop ${storeName} is on its way.`}
      heading="Your account is ready"
      reason={`You get this mail because somebody, hopefully you, signed up with ${email}. If it was not you, you need not do anything.`}
    >
      <Paragraph>
        Welcome! Your shop <strong>{storeName}</strong> is being made right now. You can watch every step of it, or
        close the page and come back: we write to you as soon as it is open.
      </Paragraph>
      <Press href={progressUrl}>Watch it being made</Press>
      <Facts
        facts={[
          { label: 'You log in with', value: email },
          { label: 'Your dashboard', value: dashboardUrl, href: dashboardUrl },
        ]}
      />
    </Layout>
  ),
};
