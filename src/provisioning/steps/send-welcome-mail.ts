import type { Lease } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { MailContent, MailFacts } from '../../mail/mail-kinds.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

export interface Outbox {
  /** Queued once per key, however often it is asked. */
  enqueue(
    mail: MailContent & { readonly uniqueKey: string; readonly storeId: string; readonly recipient: string },
    lease: Lease,
  ): Promise<void>;
}

export function sendWelcomeMail(deps: { outbox: Outbox; factsOf: (store: Store) => MailFacts<'ready'> }): Step {
  return {
    name: 'send-welcome-mail',
    title: STEP_TITLES['send-welcome-mail'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    // Queued here, delivered by the outbox: a mail server that is away never keeps a shop from opening.
    ensure: (store, { lease }) =>
      deps.outbox.enqueue(
        {
          uniqueKey: `welcome:${store.id}`,
          storeId: store.id,
          recipient: store.customerEmail,
          kind: 'ready',
          payload: deps.factsOf(store),
        },
        lease,
      ),
  };
}
