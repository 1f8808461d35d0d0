import { createLinkMails } from '../../src/accounts/link-mails.ts';
import { createOneTimeTokens } from '../../src/accounts/one-time-tokens.ts';
import { digestOf, makeToken } from '../../src/adapters/crypto/session-tokens.ts';
import { DAY } from '../../src/lib/time.ts';
import { createOutboxDeliverer } from '../../src/mail/deliver-outbox.ts';
import type { TestDatabase } from './for-each-database.ts';

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What a worker would have mailed: delivers what is queued, into a list. */
export function openMailbox({ repositories }: TestDatabase, publicUrl = 'https://panel.test/') {
  const received: ReceivedMail[] = [];
  const now = () => new Date();
  const deliver = createOutboxDeliverer({
    owner: 'mailbox',
    lane: 'platform',
    carry: () => Promise.reject(new Error('No shop writes here.')),
    outbox: repositories.outbox,
    mailer: {
      send: async (letter) => {
        if ('subject' in letter) received.push({ to: letter.to, subject: letter.subject, text: letter.text });
      },
    },
    complete: createLinkMails({
      customers: repositories.customers,
      links: createOneTimeTokens({
        repository: repositories.oneTimeTokens,
        tokens: { make: makeToken, digestOf },
        now,
      }),
      digestOf,
      publicUrl,
    }),
    support: null,
    stopping: new AbortController().signal,
    // Whatever is queued is due, also what tests have written as of another day.
    now: () => new Date(Date.now() + 365 * DAY),
  });
  return {
    received,
    /** Everything that is queued leaves. Returns what has come for that address since it was asked last. */
    async collect(to: string): Promise<ReceivedMail[]> {
      while ((await repositories.outbox.counts()).queued > 0) await deliver();
      const theirs = received.filter((mail) => mail.to === to);
      for (const mail of theirs) received.splice(received.indexOf(mail), 1);
      return theirs;
    },
  };
}

/** The way within the panel that a mail leads to: `/verify-email?token=…`. */
export function linkIn(mails: readonly ReceivedMail[], page: string): string {
  const found = mails
    .map(({ text }) => new RegExp(`https://[^/\\s]+(/${page}\\?token=[\\w-]+)`).exec(text)?.[1])
    .findLast((link) => link !== undefined);
  if (found === undefined) throw new Error(`No mail has a link to ${page}: ${JSON.stringify(mails)}`);
  return found;
}
