import { createLinkMails } from '../accounts/link-mails.ts';
import { digestOf } from '../adapters/crypto/session-tokens.ts';
import type { Repositories } from '../adapters/mysql/index.ts';
import type { Config } from '../config/config.ts';
import { createOutboxDesk, type OutboxDesk } from '../mail/outbox-desk.ts';
import { createTestMails } from '../mail/test-mails.ts';
import type { MailServices } from '../web/services/mail.ts';

/** The outbox for operators, on pages and on the command line. */
export function mailDeskOf(
  { customers, outboxEntries }: Pick<Repositories, 'customers' | 'outboxEntries'>,
  { publicUrl, support }: Pick<Config, 'publicUrl' | 'support'>,
): OutboxDesk {
  // Nobody at the desk may act in the reader's name: what is shown has links that open nothing.
  const links = { issue: async () => 'hidden' };
  const complete = createLinkMails({ customers, links, digestOf, publicUrl });
  return createOutboxDesk({ entries: outboxEntries, complete, support, now: () => new Date() });
}

/** The same with test mails, which pages and the API count by who asks. `count` throws `too_many_tries`. */
export function mailServicesOf(
  repositories: Pick<Repositories, 'customers' | 'outboxEntries'>,
  config: Pick<Config, 'publicUrl' | 'support'>,
  count: (operatorId: string) => Promise<void>,
): MailServices {
  const { publicUrl } = config;
  const tests = createTestMails({ entries: repositories.outboxEntries, count, publicUrl, now: () => new Date() });
  return { ...mailDeskOf(repositories, config), ...tests };
}
