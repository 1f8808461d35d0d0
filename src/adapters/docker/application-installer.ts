import type Docker from 'dockerode';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { ShopSettings } from '../../domain/shop-settings.ts';
import type { Store } from '../../domain/store.ts';
import { readShopSettings } from './read-shop-settings.ts';
import { askInShop, wordsFor } from './shop-commands.ts';

const Answer = z.object({ versions: z.record(z.string(), z.string()), settings: z.unknown() });

/** Runs a stack's installer in the web container. Throws `application_install_failed` with the end of its output. */
export function createApplicationInstaller({ docker }: { docker: Docker }) {
  return {
    async run(
      store: Store,
      command: readonly string[],
      input: object,
      signal: AbortSignal,
      log: (line: string) => void,
    ): Promise<{ versions: Readonly<Record<string, string>>; settings?: ShopSettings }> {
      const installer = { service: 'web', argv: command, input } as const;
      const { exitCode, answer, tail } = await askInShop(docker, store, installer, { signal, onLine: log });
      const parsed = Answer.safeParse(answer);
      if (exitCode === 0 && parsed.success) {
        const { versions, settings } = parsed.data;
        return settings === undefined ? { versions } : { versions, settings: readShopSettings(settings) };
      }
      throw new AppError('application_install_failed', `The installer of ${store.id} ${wordsFor(exitCode)}.`, {
        retryable: true,
        logTail: tail,
        hint: `Look at its log: shopctl store logs ${store.id}, then: shopctl store retry ${store.id}`,
      });
    },
  };
}
