import { AppError } from '../../domain/errors.ts';
import type { HandOverPage, InstalledShop } from '../../domain/installed-shop.ts';
import type { Lease } from '../../domain/run.ts';
import type { ShopSettings } from '../../domain/shop-settings.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { InstallFacts, Stack } from '../../stacks/stack.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { SecretVault } from './issue-secrets.ts';

/** Runs a stack's installer inside the store's web container, its input by standard input. */
export interface ApplicationInstaller {
  /** Returns the versions it found installed, and how the shop says that it is set, where it does. Throws `application_install_failed` with the end of its output. */
  run(
    store: Store,
    command: readonly string[],
    input: object,
    signal: AbortSignal,
    log: (line: string) => void,
  ): Promise<InstalledShop>;
  /**
   * Hands a shop that waits for its owner over by its own web server, which is quicker. `undefined` for any other, or where
   * that is no way: then `run` is to be asked, which is safe whatever became of this.
   */
  handOver(store: Store, page: HandOverPage, input: object, signal: AbortSignal): Promise<InstalledShop | undefined>;
}

export function installApplication(deps: {
  installer: ApplicationInstaller;
  vault: Pick<SecretVault, 'read'>;
  stackOf: (store: Store) => Stack;
  urlOf: (store: Store) => string;
  shopDefaults: Omit<InstallFacts, 'url' | 'adminPassword'>;
  settings: { note(lease: Lease, settings: ShopSettings, now: Date): Promise<void> };
  now: () => Date;
  stores: { recordMade(lease: Lease, parts: { versions: Readonly<Record<string, string>> }): Promise<void> };
}): Step {
  return {
    name: 'install-application',
    title: STEP_TITLES['install-application'],
    // An installer ends itself before that; on a machine that is busy the largest takes minutes.
    deadlineMs: 10 * MINUTE,
    retry: { attempts: 3, backoffMs: 2 * SECOND },
    async ensure(store, { signal, lease, run, log }) {
      const adminPassword = await deps.vault.read(store.id, 'admin-password');
      if (adminPassword === undefined) {
        throw new AppError('secret_unreadable', `The administrator's password of ${store.id} is not in the vault.`);
      }
      const { installer } = deps.stackOf(store);
      const { page } = installer;
      const facts = { url: deps.urlOf(store), adminPassword, ...deps.shopDefaults, ...store.start };
      const input = installer.input(store, facts);
      const key = page && run.kind === 'provision' ? await deps.vault.read(store.id, page.key) : undefined;
      const handedOver = page && key && (await deps.installer.handOver(store, { ...page, key }, input, signal));
      if (handedOver) log('handed over by its own web server');
      const made = handedOver || (await deps.installer.run(store, installer.command, input, signal, log));
      const { versions, settings } = made;
      await deps.stores.recordMade(lease, { versions });
      if (settings !== undefined) await deps.settings.note(lease, settings, deps.now());
    },
  };
}
