import type { Lease } from '../../domain/run.ts';
import type { SecretName, StoreSecrets } from '../../domain/secrets.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

/** Sealed secrets of stores: got or made, so that a repeated run finds the same ones. */
export interface SecretVault {
  getOrCreate(request: { storeId: string; name: string; make: () => string }, lease: Lease): Promise<string>;
  read(storeId: string, name: string): Promise<string | undefined>;
  wipe(lease: Lease): Promise<void>;
}

/** The secrets as files that containers mount: one folder per service, 0400, owned by the store's UID. */
export interface SecretFiles {
  write(store: Store, secrets: StoreSecrets): Promise<void>;
  remove(store: Store): Promise<void>;
}

export function issueSecrets(deps: {
  vault: SecretVault;
  files: SecretFiles;
  makers: Readonly<Record<SecretName, () => string>>;
}): Step {
  return {
    name: 'issue-secrets',
    title: STEP_TITLES['issue-secrets'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { lease }) {
      const get = (name: SecretName): Promise<string> =>
        deps.vault.getOrCreate({ storeId: store.id, name, make: deps.makers[name] }, lease);
      await deps.files.write(store, {
        'db-root-password': await get('db-root-password'),
        'db-password': await get('db-password'),
        'application-salts': await get('application-salts'),
        'admin-password': await get('admin-password'),
      });
    },
    async undo(store, { lease }) {
      await deps.files.remove(store);
      await deps.vault.wipe(lease);
    },
  };
}
