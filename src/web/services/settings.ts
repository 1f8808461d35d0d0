import type { Origin } from '../../domain/origin.ts';
import type { PageCacheTexts, PageLifetime } from '../../domain/page-cache.ts';
import type { PhpChoices } from '../../domain/php-limits.ts';
import type { ShopSettingName, ShopSettings, ShopTexts } from '../../domain/shop-settings.ts';
import type { StoreMailSettings, StoreMailTexts, StoreMailTraffic } from '../../domain/store-mail.ts';
import type { WithIsoDates } from '../../lib/iso-dates.ts';
import type { Visitor } from './accounts.ts';

export interface ShopSettingsView {
  /** What can be set in shops of this kind. */
  readonly offered: readonly ShopSettingName[];
  /** How the shop said that it is set; `null` while it was not asked yet. */
  readonly now: ShopSettings | null;
  /** What one request may take, as its plan allows it; with `now.php` null it cannot be chosen. */
  readonly phpChoices: PhpChoices;
}

/** How the shop's mail leaves; never the password, only whether there is one. */
export interface StoreMailView extends StoreMailSettings {
  readonly hasPassword: boolean;
}

/** What of the shop's mail is on its way; times in UTC. */
export type MailTrafficView = WithIsoDates<StoreMailTraffic>;

/** Whether the edge shows pages of a shop by itself, and for how long. */
export interface PageCacheView {
  readonly pageCache: 'on' | 'off';
  /** What holds, or would while it is on. */
  readonly lifetime: PageLifetime;
  /** `by-the-shop`: such shops keep their pages themselves; `nowhere`: the platform keeps no pages at all. */
  readonly kept: 'at-the-edge' | 'by-the-shop' | 'nowhere';
}

/** What became of a mail that was sent to try the way out. */
export type MailTrial =
  | {
      readonly outcome: 'accepted';
      readonly to: string;
      readonly from: string;
      readonly way: 'platform' | 'own';
      /** What the server said. */
      readonly answer: string;
    }
  | { readonly outcome: 'failed'; readonly to: string; readonly sentence: string; readonly answer: string | null }
  /** Something in the shop sends mail by itself; we saw none. */
  | { readonly outcome: 'left-by-itself'; readonly to: string };

/** What an owner sets in a shop from here. Somebody else's is `not_found`. */
export interface SettingsServices {
  shop(customerId: string, storeId: string): Promise<ShopSettingsView>;
  /**
   * Only what is named and differs is set, by a run; false with nothing of that kind: then there is none. Throws
   * `InvalidFormError`, `too_many_tries`, `not_allowed_now` while it is not open.
   */
  setShop(customerId: string, storeId: string, texts: ShopTexts, origin: Origin): Promise<boolean>;
  /** Without `hasPassword`: whether there is one is the worker's to know. */
  mail(customerId: string, storeId: string): Promise<StoreMailSettings>;
  mailTraffic(customerId: string, storeId: string): Promise<MailTrafficView>;
  /**
   * The worker looks at the session and the freshness of its proof, and seals the password. Throws `InvalidFormError`,
   * `step_up_required`, `worker_unavailable`.
   */
  setMail(token: string, storeId: string, texts: StoreMailTexts, visitor: Visitor): Promise<void>;
  pageCache(customerId: string, storeId: string): Promise<PageCacheView>;
  /** In effect when it resolves. Throws `InvalidFormError`, `not_allowed_now`, `too_many_tries`, `worker_unavailable`. */
  setPageCache(token: string, storeId: string, texts: PageCacheTexts, visitor: Visitor): Promise<void>;
  /** Visitors see at once what the shop answers now. Throws as `setPageCache`. */
  emptyPageCache(token: string, storeId: string, visitor: Visitor): Promise<void>;
  /** One mail through the shop to its owner's own address. Throws `too_many_tries`, `not_allowed_now`, `worker_unavailable`. */
  tryMail(token: string, storeId: string, visitor: Visitor): Promise<MailTrial>;
}
