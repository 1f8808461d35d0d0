import type { PageCacheTexts } from '../domain/page-cache.ts';
import type { ShopTexts } from '../domain/shop-settings.ts';
import type { StoreMailTexts } from '../domain/store-mail.ts';
import type {
  MailTrafficView,
  MailTrial,
  PageCacheView,
  ShopSettingsView,
  StoreMailView,
} from '../web/services/settings.ts';

/** What `shopctl store settings`, `store mail` and `store mail-test` can do. Each throws `not_found`. */
export interface ShopActions {
  /** How the shop said that it is set. */
  readShopSettings(storeId: string): Promise<ShopSettingsView>;
  /**
   * Sets only what is named and differs; nothing named: the shop is asked how it is set. Tells how it is until then, and
   * whether there is a run at all.
   */
  setShop(input: {
    readonly storeId: string;
    readonly texts: ShopTexts;
  }): Promise<ShopSettingsView & { readonly isAsked: boolean }>;
  /** How its mail leaves, and how much of it waits. */
  readStoreMail(storeId: string): Promise<StoreMailReport>;
  /** Chosen anew, all of it; the password stands in a file. Throws `InvalidFormError`. */
  setStoreMail(input: {
    readonly storeId: string;
    readonly texts: StoreMailTexts;
    readonly passwordFile?: string;
  }): Promise<StoreMailReport>;
  /** Whether the edge shows pages of the shop by itself, and for how long. */
  readPageCache(storeId: string): Promise<PageCacheView>;
  /** In effect when it resolves. Throws `InvalidFormError`, `not_allowed_now`. */
  setPageCache(input: {
    readonly storeId: string;
    readonly texts: PageCacheTexts;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /** Throws `not_allowed_now`. */
  emptyPageCache(storeId: string): Promise<void>;
  tryStoreMail(input: {
    readonly storeId: string;
    readonly to: string;
    readonly signal: AbortSignal;
  }): Promise<MailTrial>;
}

export interface StoreMailReport extends StoreMailView {
  readonly traffic: MailTrafficView;
}
