import { AppError } from '../../domain/errors.ts';
import type { Lease } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Stack } from '../../stacks/stack.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { ApplicationInstaller } from './install-application.ts';

/** As `installApplication`, of a shop that waits for its owner: it has no address, no title, and no account that opens. */
export function installForNobody(deps: {
  installer: Pick<ApplicationInstaller, 'run'>;
  stackOf: (store: Store) => Stack;
  stores: { recordMade(lease: Lease, parts: { versions: Readonly<Record<string, string>> }): Promise<void> };
}): Step {
  return {
    name: 'install-application',
    title: STEP_TITLES['install-application'],
    deadlineMs: 10 * MINUTE,
    retry: { attempts: 1, backoffMs: SECOND },
    async ensure(store, { signal, lease, log }) {
      const { ahead, installer, label } = deps.stackOf(store);
      if (ahead === null)
        throw new AppError('internal_error', `A shop of ${label} is not made before it has an owner.`);
      const { versions } = await deps.installer.run(store, installer.command, ahead.input, signal, log);
      await deps.stores.recordMade(lease, { versions });
    },
  };
}
