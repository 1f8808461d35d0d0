import type { Run } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { MailContent } from '../../mail/mail-kinds.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { Outbox } from '../steps/send-welcome-mail.ts';

/** Where the words of a mail about a store lead. */
export interface StoreLinks {
  /** Its page in the panel. */
  readonly pageOf: (store: Store) => string;
  readonly urlOf: (store: Store) => string;
}

/** A mail that says what was done with the store, once per run. */
export function tellOwner(deps: { outbox: Outbox; contentOf: (store: Store, run: Run) => MailContent }): Step {
  return {
    name: 'tell-owner',
    title: STEP_TITLES['tell-owner'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    ensure: (store, { lease, run }) =>
      deps.outbox.enqueue(
        {
          uniqueKey: `${run.kind}:${run.id}`,
          storeId: store.id,
          recipient: store.customerEmail,
          ...deps.contentOf(store, run),
        },
        lease,
      ),
  };
}
