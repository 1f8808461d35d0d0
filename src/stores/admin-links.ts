import { AppError } from '../domain/errors.ts';
import type { LedgerLine } from '../domain/ledger.ts';
import { ADMIN_USERNAME } from '../domain/names.ts';
import type { Origin } from '../domain/origin.ts';
import type { Store } from '../domain/store.ts';

/** A link that nobody follows at once is of use to somebody else only. */
const OPENS_FOR_SECONDS = 60;

/** Where a browser is to send a token, and how, to be signed in to the administration once. */
export interface AdminLink {
  /** The shop's own address. */
  readonly url: string;
  readonly field: string;
  readonly token: string;
  readonly seconds: number;
}

/**
 * Links that sign the owner in to a shop's administration once, within a minute. The shop gets the token's SHA-256, the
 * owner's browser the token; neither is kept here. Each newer link ends the one before. Both are written down.
 */
export function createAdminLinks(deps: {
  readonly place: (
    store: Store,
    link: { username: string; hash: string; seconds: number; proven: boolean },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly revoke: (store: Store, signal: AbortSignal) => Promise<void>;
  readonly fieldOf: (store: Store) => string;
  /** Throws `not_allowed_now` where the shop's own address leads elsewhere. */
  readonly urlOf: (store: Store) => Promise<string>;
  readonly tokens: { make(): string; digestOf(token: string): string };
  readonly audit: { append(line: LedgerLine): Promise<void> };
  readonly now: () => Date;
}) {
  const writeDown = (store: Store, origin: Origin, action: string): Promise<void> =>
    deps.audit.append({ ...origin, action, target: store.id, storeId: store.id, details: {}, at: deps.now() });
  return {
    /**
     * `proven`: whoever asks has just proven who they are; a token for programs has not. Throws `not_allowed_now` while the
     * shop is not open, its domain leads elsewhere or its image knows no such link, `shop_command_failed`.
     */
    async issue(
      store: Store,
      { origin, proven }: { readonly origin: Origin; readonly proven: boolean },
      signal: AbortSignal,
    ): Promise<AdminLink> {
      if (store.status !== 'active') {
        throw new AppError('not_allowed_now', `${store.id} is ${store.status}: its administration is not open.`);
      }
      const field = deps.fieldOf(store);
      const url = await deps.urlOf(store);
      const token = deps.tokens.make();
      // The line first: there is no link that the ledger does not know of.
      await writeDown(store, origin, 'admin-link.issued');
      const hash = deps.tokens.digestOf(token);
      const link = { username: ADMIN_USERNAME, hash, seconds: OPENS_FOR_SECONDS, proven };
      await deps.place(store, link, signal);
      return { url, field, token, seconds: OPENS_FOR_SECONDS };
    },

    async revoke(store: Store, origin: Origin, signal: AbortSignal): Promise<void> {
      await deps.revoke(store, signal);
      await writeDown(store, origin, 'admin-link.revoked');
    },
  };
}
