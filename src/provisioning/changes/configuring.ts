import { AppError } from '../../domain/errors.ts';
import type { Lease, Run } from '../../domain/run.ts';
import { SHOP_SETTING_NAMES, type ShopSettings, type ShopWish, shopWishIn } from '../../domain/shop-settings.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

/** A shop that is installed. */
export interface SettableShop {
  /** Sets what is named, and nothing else. Resolves to how all of it is then. */
  configure(store: Store, wish: ShopWish, signal: AbortSignal): Promise<ShopSettings>;
}

export interface ConfiguringDeps {
  readonly shop: SettableShop;
  readonly settings: { record(lease: Lease, run: Run, settings: ShopSettings, now: Date): Promise<void> };
  readonly now: () => Date;
}

/** The shop is set as wished: only what the run names. Everything else, and every other time, it is its owner's. */
export function applySettings({ shop }: Pick<ConfiguringDeps, 'shop'>): Step {
  return {
    name: 'apply-settings',
    title: STEP_TITLES['apply-settings'],
    deadlineMs: 3 * MINUTE,
    retry: { attempts: 3, backoffMs: 2 * SECOND },
    ensure: async (store, { run, signal }) => void (await shop.configure(store, shopWishIn(run.input), signal)),
  };
}

/** What the shop says of itself afterwards is what everybody reads. Throws `shop_command_failed` where it is not as wished. */
export function recordSettings({ shop, settings, now }: ConfiguringDeps): Step {
  return {
    name: 'record-settings',
    title: STEP_TITLES['record-settings'],
    deadlineMs: 3 * MINUTE,
    retry: { attempts: 3, backoffMs: 2 * SECOND },
    async ensure(store, { run, lease, signal }) {
      const found = await shop.configure(store, {}, signal);
      await settings.record(lease, run, found, now());
      assertTaken(store, shopWishIn(run.input), found);
    },
  };
}

/** A title may be written another way in the shop; what is chosen from a list may not. */
function assertTaken({ id }: Store, wish: ShopWish, found: ShopSettings): void {
  const refused = SHOP_SETTING_NAMES.filter((name) => name !== 'title' && (wish[name] ?? found[name]) !== found[name]);
  if (refused.length === 0) return;
  throw new AppError('shop_command_failed', `The shop of ${id} keeps its own ${refused.join(', ')}.`, {
    hint: 'Something in the shop sets it anew: look at its plugins.',
  });
}
