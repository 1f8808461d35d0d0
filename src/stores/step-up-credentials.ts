import { AppError, NotFoundError } from '../domain/errors.ts';
import type { Store } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import type { Session } from '../web/services.ts';
import type { Credentials } from './read-credentials.ts';

/** Older than this, a login does not open credentials any more (contract §3). */
export const PROOF_HOLDS_MS = 5 * MINUTE;

/**
 * What the worker asks itself before it unseals anything for the web process: the token must be that of a living
 * session, its password given within the last five minutes, and the store its customer's. The web process is taken at
 * its word for none of it. Throws `not_signed_in`, `step_up_required`, `not_found`, `not_allowed_now`.
 */
export function createStepUpCredentials(deps: {
  readonly findSession: (token: string) => Promise<Session | undefined>;
  readonly stores: { find(query: { id: string; customerId: string }): Promise<Store | undefined> };
  readonly readCredentials: (storeId: string, actor: string) => Promise<Credentials>;
  readonly now: () => Date;
}) {
  return async ({ token, storeId }: { token: string; storeId: string }): Promise<Credentials> => {
    const session = await deps.findSession(token);
    if (session === undefined) throw new AppError('not_signed_in', 'The token belongs to no living session.');
    const { customerId, provenAt } = session;
    if ((await deps.stores.find({ id: storeId, customerId })) === undefined) throw new NotFoundError('store', storeId);
    if (deps.now().getTime() - provenAt.getTime() > PROOF_HOLDS_MS) {
      throw new AppError('step_up_required', 'The password was given too long ago.');
    }
    return deps.readCredentials(storeId, customerId);
  };
}
