import type Docker from 'dockerode';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { HandOverPage, InstalledShop } from '../../domain/installed-shop.ts';
import type { Store } from '../../domain/store.ts';
import { networkPlanOf } from '../../domain/subnets.ts';
import { readShopSettings } from './read-shop-settings.ts';
import { askInShop, wordsFor } from './shop-commands.ts';

const Answer = z.object({ versions: z.record(z.string(), z.string()), settings: z.unknown() });

const installedOf = ({ versions, settings }: z.infer<typeof Answer>): InstalledShop =>
  settings === undefined ? { versions } : { versions, settings: readShopSettings(settings) };

/** Runs a stack's installer in the web container. Throws `application_install_failed` with the end of its output. */
export function createApplicationInstaller(deps: {
  readonly docker: Docker;
  /** What the shop's own web server answers to the same input, where it takes it; `undefined` where it does not. */
  readonly askPage: (
    page: HandOverPage & { readonly address: string },
    input: object,
    signal: AbortSignal,
  ) => Promise<unknown>;
}) {
  const { docker } = deps;
  return {
    async handOver(
      store: Store,
      page: HandOverPage,
      input: object,
      signal: AbortSignal,
    ): Promise<InstalledShop | undefined> {
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
    ): Promise<InstalledShop> {
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
