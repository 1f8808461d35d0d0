import type { Lease } from '../../domain/run.ts';
import { nextNameOf, SECRET_NAMES, type SecretName, type StoreSecrets } from '../../domain/secrets.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Stack } from '../../stacks/stack.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

/** Sealed secrets of stores: got or made, so that a repeated run finds the same ones. */
export interface SecretVault {
  /** All of those that are not there yet are made, or none. */
  getOrCreate<Name extends string>(
    request: { storeId: string; makers: Readonly<Record<Name, () => string | Promise<string>>> },
    lease: Lease,
  ): Promise<Record<Name, string>>;
  read(storeId: string, name: string): Promise<string | undefined>;
  wipe(lease: Lease): Promise<void>;
}

/** The secrets as files that containers mount: one folder per service, 0400, owned by the store's UID. */
export interface SecretFiles {
  /** What a file holds that stands there already; `undefined` where none does. */
  read(store: Store, name: SecretName): Promise<string | undefined>;
  /** Where a file of one of `kept` stands already, it stays as it is. */
  write(store: Store, secrets: StoreSecrets, kept?: readonly SecretName[]): Promise<void>;
  remove(store: Store): Promise<void>;
}

export function issueSecrets(deps: {
  vault: SecretVault;
  files: SecretFiles;
  makers: Readonly<Record<SecretName, () => string>>;
  stackOf: (store: Store) => Stack;
}): Step {
  return {
    name: 'issue-secrets',
    title: STEP_TITLES['issue-secrets'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { lease }) {
      // A shop that was made before it had an owner runs with some already: nobody has ever been told those.
      const makerOf = (name: SecretName) => async (): Promise<string> =>
        (await deps.files.read(store, name)) ?? deps.makers[name]();
      const makers = Object.fromEntries(secretsOf(deps.stackOf(store)).map((name) => [name, makerOf(name)]));
      const secrets: StoreSecrets = await deps.vault.getOrCreate({ storeId: store.id, makers }, lease);
      // While one is to take its place, only that run knows which of both the database accepts.
      const isBeingReplaced = (await deps.vault.read(store.id, nextNameOf('db-password'))) !== undefined;
      await deps.files.write(store, secrets, isBeingReplaced ? ['db-password'] : []);
    },
    async undo(store, { lease }) {
      await deps.files.remove(store);
      await deps.vault.wipe(lease);
    },
  };
}

/** What its containers mount. */
export function mountedSecretsOf({ services }: Pick<Stack, 'services'>): SecretName[] {
  const mounted = Object.values(services).flatMap(({ secrets }) => Object.values(secrets));
  return SECRET_NAMES.filter((name) => mounted.includes(name));
}

/** Those, and the administrator's password, which only the installer is told. */
function secretsOf(stack: Stack): SecretName[] {
  return [...mountedSecretsOf(stack), 'admin-password'];
}
