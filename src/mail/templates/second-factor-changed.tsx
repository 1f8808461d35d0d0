import type { MailFacts } from '../mail-kinds.ts';
import { Facts, Layout, Paragraph } from './layout.tsx';
import type { Template } from './template.ts';

type SecondFactorChanged = MailFacts<'second-factor-changed'>;

/** To the owner of the account, whoever did it. */
export const secondFactorChanged: Template<SecondFactorChanged> = {
  subject: (facts) => headingOf(facts),
  body: (facts) => (
    <Layout
      preview="Every other browser was signed out."
      heading={headingOf(facts)}
      reason={`You get this mail because the account ${facts.email} asks for something else than before when somebody logs in, and its owner should know.`}
    >
      <Paragraph>
        {facts.change === 'added'
          ? `From now on ${facts.factor} opens your account.`
          : `From now on ${facts.factor} opens your account no more.`}{' '}
        Every other browser was signed out. If that was you, there is nothing to do.
      </Paragraph>
      <Paragraph>{adviceOf(facts)}</Paragraph>
      <Facts
        facts={[
          { label: 'What', value: facts.factor },
          { label: 'When', value: facts.when },
          { label: 'From', value: facts.where },
          ...wayOut(facts),
        ]}
      />
    </Layout>
  ),
};

function wayOut({ resetUrl, disownUrl }: SecondFactorChanged) {
  const newPassword = { value: resetUrl, href: resetUrl };
  if (disownUrl === undefined) return [{ label: 'It was not you?', ...newPassword }];
  return [
    { label: 'It was not you?', value: disownUrl, href: disownUrl },
    { label: 'A new password', ...newPassword },
  ];
}

function adviceOf({ change, disownUrl }: SecondFactorChanged): string {
  if (change === 'removed') {
    return 'If it was not you, choose a new password at once. That signs everybody out, whoever it is.';
  }
  return disownUrl === undefined
    ? 'If it was not you, choose a new password at once. That signs everybody out, whoever it is. Then remove what was added, on the Security page of your account: a new password does not take it away.'
    : 'If it was not you, follow the link below at once, and press the button: that takes off what was added, with recovery codes made with it or since, and signs everybody out, whoever it is. Then choose a new password. The link works once, for 14 days.';
}

function headingOf({ change }: SecondFactorChanged): string {
  return change === 'added' ? 'A second factor was added' : 'A second factor was removed';
}
