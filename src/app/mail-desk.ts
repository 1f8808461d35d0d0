import { createLinkMails } from '../accounts/link-mails.ts';
import { digestOf } from '../adapters/crypto/session-tokens.ts';
import type { Repositories } from '../adapters/mysql/index.ts';
import type { Config } from '../config/config.ts';
import { createOutboxDesk } from '../mail/outbox-desk.ts';
import type { MailServices } from '../web/services/mail.ts';

/** The outbox for operators, on pages and on the command line. */
export function mailDeskOf(
  { customers, outboxEntries }: Pick<Repositories, 'customers' | 'outboxEntries'>,
  { publicUrl, support }: Pick<Config, 'publicUrl' | 'support'>,
): MailServices {
  // Nobody at the desk may act in the reader's name: what is shown has links that open nothing.
  const links = { issue: async () => 'hidden' };
  const complete = createLinkMails({ customers, links, digestOf, publicUrl });
  return createOutboxDesk({ entries: outboxEntries, complete, support, now: () => new Date() });
}
