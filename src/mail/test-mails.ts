import type { Origin } from '../domain/origin.ts';
import { parseEmail } from '../domain/store-input.ts';
import type { MailServices } from '../web/services/mail.ts';

export interface TestMailDeps {
  readonly entries: {
    queueTest(request: {
      readonly recipient: string;
      readonly payload: unknown;
      readonly origin: Origin;
      readonly now: Date;
    }): Promise<void>;
  };
  /** Throws `too_many_tries`. */
  readonly count: (operatorId: string) => Promise<void>;
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** A mail that says only that mail arrives, on the way that all mail takes. See `MailServices`. */
export function createTestMails({ entries, count, publicUrl, now }: TestMailDeps): Pick<MailServices, 'sendTest'> {
  return {
    async sendTest(to, origin) {
      const recipient = parseEmail(to);
      await count(origin.actor);
      const at = now();
      await entries.queueTest({ recipient, payload: { publicUrl, sentAt: at.toISOString() }, origin, now: at });
    },
  };
}
