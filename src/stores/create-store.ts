import { parseDomainName, parseStoreName } from '../domain/domain-name.ts';
import { AppError } from '../domain/errors.ts';
import type { NewStore } from '../domain/new-store.ts';
import type { Origin } from '../domain/origin.ts';
import { parseShopStart, type ShopStartTexts } from '../domain/shop-settings.ts';
import type { Plan, PlatformName, Store } from '../domain/store.ts';
import { choosePlan, parseEmail, parsePlatform, parseTitle } from '../domain/store-input.ts';
import { randomWord } from '../lib/random-word.ts';
import { stackOf } from '../stacks/index.ts';

/** What somebody typed; nothing of it has been looked at. */
export interface CreateStoreInput extends ShopStartTexts {
  readonly platform: string;
  readonly name: string;
  readonly email: string;
  readonly domain?: string | undefined;
  readonly plan?: string | undefined;
}

export interface CreateStoreDeps {
  readonly baseDomain: string;
  /** Languages that are built into images here. */
  readonly builtLocales: readonly string[];
  readonly ownHosts: readonly string[];
  /** Why a platform cannot be had on this machine; `undefined` when it can. */
  readonly unavailable: (platform: PlatformName) => Promise<{ reason: string; fix: string } | undefined>;
  /** Throws `disk_full` when there is no room for another store. */
  readonly assertRoom: () => Promise<void>;
  readonly customers: { getOrCreate(customer: { email: string; now: Date; origin: Origin }): Promise<{ id: string }> };
  readonly plans: { list(): Promise<readonly Plan[]> };
  /** Store, run and everything it holds (port, subnet, UID), in one transaction or not at all. */
  readonly insert: (store: NewStore) => Promise<{ store: Store; runId: string }>;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

/**
 * Accepts a store: after it resolves the store will be made, whatever crashes. Throws `invalid_input`,
 * `platform_unavailable`, `name_taken` or one of the `…_exhausted`; then nothing has been made.
 */
export function createStoreCreation(deps: CreateStoreDeps) {
  return async (input: CreateStoreInput, origin: Origin): Promise<Store> => {
    const platform = parsePlatform(input.platform);
    const name = parseStoreName(input.name);
    const email = parseEmail(input.email);
    const wishedDomain = input.domain === undefined ? null : parseDomainName(input.domain, deps);
    const stack = stackOf(platform);
    const locales = stack.startLocales(deps.builtLocales);
    const start = parseShopStart(input, { offered: stack.settings, locales });
    await assertAvailable(deps, platform);
    const plan = choosePlan(await deps.plans.list(), input.plan, stack);
    const adminPath = stack.newAdminPath(randomWord());
    await deps.assertRoom();
    const now = deps.now();
    const { id: customerId } = await deps.customers.getOrCreate({ email, now, origin });
    const domain = `${name}.${deps.baseDomain}`;
    const parts = {
      name,
      title: start.title ?? parseTitle(name),
      start,
      platform,
      plan,
      adminPath,
      domain,
      wishedDomain,
    };
    const newStore: NewStore = { customerId, ...parts, ...origin, now };
    const { store, runId } = await deps.insert(newStore);
    await deps.ring(runId);
    return store;
  };
}

async function assertAvailable(deps: CreateStoreDeps, platform: PlatformName): Promise<void> {
  const missing = await deps.unavailable(platform);
  if (missing === undefined) return;
  throw new AppError('platform_unavailable', `${platform} cannot be offered here: ${missing.reason}`, {
    hint: missing.fix,
  });
}
