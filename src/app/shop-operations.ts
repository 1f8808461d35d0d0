import { readPhpLimits, readShopSettings } from '../adapters/docker/read-shop-settings.ts';
import { createShopCommands } from '../adapters/docker/shop-commands.ts';
import { askStore } from '../adapters/http/ask-store.ts';
import { AppError } from '../domain/errors.ts';
import type { HeldPhpLimits } from '../domain/php-limits.ts';
import type { ShopSettings, ShopWish } from '../domain/shop-settings.ts';
import type { Store } from '../domain/store.ts';
import { stackOf } from '../stacks/index.ts';
import type { PlacedAdminLink, ShopCommand, StackOperations } from '../stacks/stack.ts';
import type { Adapters } from './adapters.ts';
import { backdoorOf } from './store-facts.ts';

/**
 * What the platform does to a shop that is installed, whatever it runs. Each may be repeated, and throws
 * `shop_command_failed` with what the shop said.
 */
export function createShopOperations({ config, docker }: Pick<Adapters, 'config' | 'docker'>) {
  const commands = createShopCommands({ docker });
  const operate =
    <Facts>(choose: (operations: StackOperations, facts: Facts) => ShopCommand) =>
    async (store: Store, facts: Facts, signal: AbortSignal): Promise<void> => {
      await commands.run(store, choose(stackOf(store.platform).operations, facts), signal);
    };
  return {
    /** The shop answers at this address from now on; ends in a slash. */
    setUrl: operate<string>((operations, url) => operations.setUrl(url)),
    /** As `setUrl`, and the addresses in what it has written move along. */
    changeUrl: operate<Parameters<StackOperations['changeUrl']>[0]>((operations, addresses) =>
      operations.changeUrl(addresses),
    ),
    /** Sets what is named, and nothing else. Resolves to how all of it is then. */
    async configure(store: Store, wish: ShopWish, signal: AbortSignal): Promise<ShopSettings> {
      return readShopSettings(await commands.run(store, stackOf(store.platform).operations.configure(wish), signal));
    },
    /** The running PHP goes by what stands in the platform's file; `undefined` where the shop's image has no such program. */
    async applyPhpLimits(store: Store, signal: AbortSignal): Promise<HeldPhpLimits | undefined> {
      const { applyPhpLimits } = stackOf(store.platform).operations;
      const answer = await commands.runIfThere(store, applyPhpLimits, signal);
      return answer === undefined ? undefined : readPhpLimits(answer);
    },
    /** A mail as the shop writes all of its own; null where something in it sends mail by itself. */
    async writeTrialMail(store: Store, to: string, signal: AbortSignal): Promise<Buffer | null> {
      const answer = await commands.run(store, stackOf(store.platform).operations.writeTrialMail(to), signal);
      return 'message' in answer && typeof answer.message === 'string' ? Buffer.from(answer.message, 'base64') : null;
    },
    /** While it is paused visitors get 503; nothing of the shop changes. */
    pause: operate<boolean>((operations, paused) => operations.pause(paused)),
    resetAdmin: operate<Parameters<StackOperations['resetAdmin']>[0]>((operations, admin) =>
      operations.resetAdmin(admin),
    ),
    /** The shop goes by the secrets that stand in its files now. */
    async readSecrets(store: Store, signal: AbortSignal): Promise<void> {
      const { readSecrets } = stackOf(store.platform).operations;
      if (readSecrets !== null) await commands.run(store, readSecrets, signal);
    },
    /** Throws `not_allowed_now` where the image that the store was made with knows no such link. */
    async placeAdminLink(store: Store, link: PlacedAdminLink, signal: AbortSignal): Promise<void> {
      const placed = await commands.runIfThere(store, stackOf(store.platform).adminLink.place(link), signal);
      if (placed !== undefined) return;
      throw new AppError('not_allowed_now', `The image of ${store.id} is older than links into the administration.`);
    },
    /** No link opens any more. Nothing happens where there are none. */
    async revokeAdminLinks(store: Store, signal: AbortSignal): Promise<void> {
      await commands.runIfThere(store, stackOf(store.platform).adminLink.revoke, signal);
    },
    /** Its scheduled work, once. Resolves when the shop has taken the call, or the command has ended. */
    async cron(store: Store, signal: AbortSignal): Promise<void> {
      const { cron } = stackOf(store.platform);
      if (cron.kind === 'request') await askStore(backdoorOf(config, store), cron.path, signal);
      else await commands.run(store, cron.command, signal);
    },
  };
}
