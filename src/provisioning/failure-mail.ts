import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import type { Run } from '../domain/run.ts';
import type { Store, StoreError } from '../domain/store.ts';
import type { RunPerformerDeps } from './perform-run.ts';
import type { Outbox } from './steps/send-welcome-mail.ts';

/**
 * Tells the owner by mail that the shop could not be made. Queued under the lease, once per run and attempt: a retry
 * by hand that fails again is news, a resume after a crash is not.
 */
export function createFailureMail(deps: {
  readonly outbox: Outbox;
  /** The store's page in the panel. */
  readonly pageOf: (store: Store) => string;
}): RunPerformerDeps['tellOwner'] {
  return (lease, { store, run, error }) =>
    deps.outbox.enqueue(
      {
        uniqueKey: failureKey(run),
        storeId: store.id,
        recipient: store.customerEmail,
        kind: 'failed',
        payload: {
          title: store.title,
          sentence: CUSTOMER_TEXT_OF[error.code],
          nextStep: nextStepAfter(error),
          storeUrl: deps.pageOf(store),
          reference: run.id,
        },
      },
      lease,
    );
}

const failureKey = (run: Run): string => `failed:${run.id}:${run.attempt}`;

/** What time may heal can be tried at once; anything else is ours to mend first. */
function nextStepAfter(error: StoreError): string {
  return error.retryable
    ? 'Open the page of your shop and press Retry: it goes on where it stopped.'
    : 'We look into it. Once it is mended, press Retry on the page of your shop: it goes on where it stopped.';
}
