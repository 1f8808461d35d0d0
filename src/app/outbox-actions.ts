import { operatorName } from '../adapters/process/operator-name.ts';
import type { CliActions } from '../cli/actions.ts';
import { originOfOperator } from '../domain/origin.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import { presentMail } from '../mail/outbox-desk.ts';
import type { Adapters } from './adapters.ts';
import { mailDeskOf } from './mail-desk.ts';

/** `shopctl mail list|resend` */
export function createOutboxActions(open: () => Adapters): Pick<CliActions, 'listMail' | 'mailBacklog' | 'resendMail'> {
  const entries = () => open().repositories.outboxEntries;
  const desk = () => mailDeskOf(open().repositories, open().config);
  return {
    mailBacklog: async () => withIsoDates(await entries().backlog()),
    listMail: (input) => desk().list(input),
    async resendMail(id) {
      await desk().resend(id, originOfOperator(operatorName()));
      return presentMail((await entries().get(id)).entry);
    },
  };
}
