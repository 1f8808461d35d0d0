import { AppError } from '../../domain/errors.ts';
import { ADMIN_USERNAME } from '../../domain/names.ts';
import { ADMIN_CREDENTIALS } from '../../domain/secrets.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { SecretVault } from './issue-secrets.ts';

/** What the owner signs in with, sealed as one; its presence means that there is something to show. */
export interface AdminCredentials {
  readonly username: string;
  readonly password: string;
  readonly email: string;
}

export function saveCredentials(deps: { vault: Pick<SecretVault, 'read' | 'getOrCreate'> }): Step {
  return {
    name: 'save-credentials',
    title: STEP_TITLES['save-credentials'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { lease }) {
      const password = await deps.vault.read(store.id, 'admin-password');
      if (password === undefined) {
        throw new AppError('secret_unreadable', `The administrator's password of ${store.id} is not in the vault.`);
      }
      const credentials: AdminCredentials = { username: ADMIN_USERNAME, password, email: store.customerEmail };
      const make = (): string => JSON.stringify(credentials);
      await deps.vault.getOrCreate({ storeId: store.id, makers: { [ADMIN_CREDENTIALS]: make } }, lease);
    },
    // Walking back, issue-secrets wipes all of the store's sealed rows, these among them.
  };
}
