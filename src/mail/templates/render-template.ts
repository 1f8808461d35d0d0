import { render, toPlainText } from '@react-email/render';
import { createElement } from 'react';
import type { MailFacts, MailKind } from '../mail-kinds.ts';
import type { Message } from '../messages.ts';
import { accountDeleted } from './account-deleted.tsx';
import { accountDeletionScheduled } from './account-deletion-scheduled.tsx';
import { accountKept } from './account-kept.tsx';
import { addressHeld } from './address-held.tsx';
import { apiTokenMade } from './api-token-made.tsx';
import { certificateProblem } from './certificate-problem.tsx';
import { deleted } from './deleted.tsx';
import { deletionScheduled } from './deletion-scheduled.tsx';
import { deletionUndone } from './deletion-undone.tsx';
import { domainProblem } from './domain-problem.tsx';
import { domainValid } from './domain-valid.tsx';
import { emailChanged } from './email-changed.tsx';
import { failed } from './failed.tsx';
import { SupportContext } from './layout.tsx';
import { newDevice } from './new-device.tsx';
import { passwordChanged } from './password-changed.tsx';
import { phpLimitsLowered } from './php-limits-lowered.tsx';
import { ready } from './ready.tsx';
import { recoveryCodeUsed } from './recovery-code-used.tsx';
import { resetPassword } from './reset-password.tsx';
import { resumed } from './resumed.tsx';
import { secondFactorChanged } from './second-factor-changed.tsx';
import { shopPasswordChanged } from './shop-password-changed.tsx';
import { suspended } from './suspended.tsx';
import type { Template } from './template.ts';
import { test } from './test.tsx';
import { verifyEmail } from './verify-email.tsx';
import { webhookSwitchedOff } from './webhook-switched-off.tsx';
import { welcome } from './welcome.tsx';

const TEMPLATES: { readonly [Kind in MailKind]: Template<MailFacts<Kind>> } = {
  welcome,
  ready,
  failed,
  'verify-email': verifyEmail,
  'reset-password': resetPassword,
  'email-changed': emailChanged,
  'account-deletion-scheduled': accountDeletionScheduled,
  'account-kept': accountKept,
  'account-deleted': accountDeleted,
  'address-held': addressHeld,
  'password-changed': passwordChanged,
  suspended,
  'php-limits-lowered': phpLimitsLowered,
  resumed,
  'deletion-scheduled': deletionScheduled,
  'deletion-undone': deletionUndone,
  'shop-password-changed': shopPasswordChanged,
  deleted,
  'second-factor-changed': secondFactorChanged,
  'new-device': newDevice,
  'recovery-code-used': recoveryCodeUsed,
  'api-token-made': apiTokenMade,
  test,
  'domain-valid': domainValid,
  'domain-problem': domainProblem,
  'certificate-problem': certificateProblem,
  'webhook-switched-off': webhookSwitchedOff,
};

/** Headings keep their letters, a link stands behind its words. */
const TEXT_OPTIONS = { selectors: [{ selector: 'h1', options: { uppercase: false } }] };

/** One mail in both its shapes, from facts that were checked. */
export async function renderTemplate<Kind extends MailKind>(
  kind: Kind,
  facts: MailFacts<Kind>,
  support: string | null,
): Promise<Message> {
  const template: Template<MailFacts<Kind>> = TEMPLATES[kind];
  const html = await render(createElement(SupportContext, { value: support }, template.body(facts)));
  return { subject: template.subject(facts), html, text: `${toPlainText(html, TEXT_OPTIONS).trim()}\n` };
}
