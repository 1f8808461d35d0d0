import { type OwnNames, parseDomainName, parseStoreName } from '../domain/domain-name.ts';
import { AppError, InvalidFormError, InvalidInputError } from '../domain/errors.ts';
import type { NewStore } from '../domain/new-store.ts';
import { originIn } from '../domain/origin.ts';
import { parseShopStart, SHOP_SETTING_NAMES } from '../domain/shop-settings.ts';
import type { PlatformName } from '../domain/store.ts';
import { choosePlan, parsePlatform, parseTitle } from '../domain/store-input.ts';
import { randomWord } from '../lib/random-word.ts';
import { stackOf } from '../stacks/index.ts';
import type { Offer, StoreOrder } from '../web/services.ts';

export interface OrderStoreDeps {
  readonly own: OwnNames;
  /** Languages that are built into images here. */
  readonly builtLocales: readonly string[];
  readonly areSignUpsOpen: boolean;
  readonly offer: () => Promise<Offer>;
  /** See `createStoreOrderRepository`. */
  readonly accept: (store: NewStore, requestKey: string | null) => Promise<{ storeId: string; runId: string | null }>;
  readonly digestOf: (text: string) => string;
  readonly ring: (runId: string) => Promise<unknown>;
  /** Throws `too_many_tries`. */
  readonly count: (customerId: string) => Promise<void>;
  readonly now: () => Date;
}

/** See `WebServices.stores.order`. */
export function createStoreOrders(deps: OrderStoreDeps): (order: StoreOrder) => Promise<string> {
  return async (order) => {
    const { customerId, key } = order;
    const offer = await deps.offer();
    if (!deps.areSignUpsOpen || offer.closed !== null) {
      throw new AppError('sign_ups_closed', offer.closed ?? 'SIGNUPS is set to closed.', { retryable: true });
    }
    const wish = parseOrder(order, offer, deps);
    await deps.count(customerId);
    const { storeId, runId } = await deps.accept(
      {
        ...wish,
        ...originIn(order.origin),
        customerId,
        adminPath: stackOf(wish.platform).newAdminPath(randomWord()),
        domain: `${wish.name}.${deps.own.baseDomain}`,
        now: deps.now(),
      },
      // Whose key it is belongs to it: another customer's same words are another wish.
      key === undefined ? null : deps.digestOf(`order ${customerId} ${key}`),
    );
    if (runId !== null) await deps.ring(runId);
    return storeId;
  };
}

/** Throws `InvalidFormError` with all that is wrong. */
function parseOrder(order: StoreOrder, offer: Offer, { own, builtLocales }: OrderStoreDeps) {
  const problems: Record<string, string> = {};
  const read = <T>(field: string, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (thrown) {
      if (thrown instanceof InvalidFormError) Object.assign(problems, thrown.fields);
      else if (thrown instanceof InvalidInputError) problems[field] = thrown.message;
      else throw thrown;
      return undefined;
    }
  };
  const name = read('name', () => parseStoreName(order.name));
  const platform = read('platform', () => offered(parsePlatform(order.platform), offer));
  const stack = platform && stackOf(platform);
  const start = read('title', () =>
    parseShopStart(order.start, {
      offered: stack?.settings ?? SHOP_SETTING_NAMES,
      locales: stack?.startLocales(builtLocales) ?? builtLocales,
    }),
  );
  const wishedDomain = read('domain', () => (order.domain === undefined ? null : parseDomainName(order.domain, own)));
  const plan = read('plan', () => choosePlan(offer.plans, order.plan, stack));
  const isWhole =
    name !== undefined &&
    start !== undefined &&
    platform !== undefined &&
    wishedDomain !== undefined &&
    plan !== undefined;
  if (!isWhole) throw new InvalidFormError(problems);
  return { name, title: start.title ?? parseTitle(name), start, platform, wishedDomain, plan };
}

function offered(platform: PlatformName, { platforms }: Offer): PlatformName {
  const found = platforms.find(({ name }) => name === platform);
  if (found?.unavailable === null) return platform;
  throw new InvalidInputError('platform', found?.unavailable ?? 'This kind of shop is not offered here.');
}
