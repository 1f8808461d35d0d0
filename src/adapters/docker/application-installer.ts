import type Docker from 'dockerode';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { ShopSettings } from '../../domain/shop-settings.ts';
import type { Store } from '../../domain/store.ts';
import { networkPlanOf } from '../../domain/subnets.ts';
import { readShopSettings } from './read-shop-settings.ts';
import { askInShop, wordsFor } from './shop-commands.ts';

const Answer = z.object({ versions: z.record(z.string(), z.string()), settings: z.unknown() });

interface Installed {
  readonly versions: Readonly<Record<string, string>>;
  readonly settings?: ShopSettings;
}

/** Where the web container takes input by HTTP, and the secret that lets it do so. */
interface InstallerPage {
  readonly port: number;
  readonly path: string;
  readonly key: string;
}

const installedOf = ({ versions, settings }: z.infer<typeof Answer>): Installed =>
  settings === undefined ? { versions } : { versions, settings: readShopSettings(settings) };

/** Runs a stack's installer in the web container. Throws `application_install_failed` with the end of its output. */
export function createApplicationInstaller(deps: {
  readonly docker: Docker;
  /** What the shop's own web server answers to the same input, where it takes it; `undefined` where it does not. */
  readonly askPage: (
    page: InstallerPage & { readonly address: string },
    input: object,
    signal: AbortSignal,
  ) => Promise<unknown>;
}) {
  const { docker } = deps;
  return {
    async handOver(
      store: Store,
      page: InstallerPage,
      input: object,
      signal: AbortSignal,
    ): Promise<Installed | undefined> {
      const address = networkPlanOf(store.network.subnet).frontWebIp;
      const parsed = Answer.safeParse(await deps.askPage({ ...page, address }, input, signal));
      return parsed.success ? installedOf(parsed.data) : undefined;
    },

    async run(
      store: Store,
      command: readonly string[],
      input: object,
      signal: AbortSignal,
      log: (line: string) => void,
    ): Promise<Installed> {
      const installer = { service: 'web', argv: command, input } as const;
      const { exitCode, answer, tail } = await askInShop(docker, store, installer, { signal, onLine: log });
      const parsed = Answer.safeParse(answer);
      if (exitCode === 0 && parsed.success) return installedOf(parsed.data);
      throw new AppError('application_install_failed', `The installer of ${store.id} ${wordsFor(exitCode)}.`, {
        retryable: true,
        logTail: tail,
        hint: `Look at its log: shopctl store logs ${store.id}, then: shopctl store retry ${store.id}`,
      });
    },
  };
}
