import type { AuditLine } from '../adapters/mysql/audit.ts';
import type { OutboxRepository } from '../adapters/mysql/outbox.ts';
import type { SecondFactorRepository } from '../adapters/mysql/second-factors.ts';
import type { SessionRepository } from '../adapters/mysql/sessions.ts';
import { deviceInWords } from '../domain/device-name.ts';
import { originIn } from '../domain/origin.ts';
import type { ShopSettings } from '../domain/shop-settings.ts';
import type { Store } from '../domain/store.ts';
import type { StoreMailSettings } from '../domain/store-mail.ts';
import type { DomainView } from '../domains/present-domain.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { AccountDataServices } from '../web/services/account-data.ts';
import type { ActivityLine, ActivityPage } from '../web/services/ledger.ts';
import type { TokenServices } from '../web/services/tokens.ts';
import type { WebhookServices } from '../web/services/webhooks.ts';
import { freshSessionOf } from './fresh-session.ts';
import { OPERATORS_DEVICE } from './own-sessions.ts';
import { viewOfFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

/** More than anybody has, and little enough for one answer. */
const MOST_LINES = 10_000;

export interface ExportDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly sessionsOf: SessionRepository['listOf'];
  readonly factorsOf: SecondFactorRepository['summary'];
  readonly storesOf: (customerId: string) => Promise<readonly StoreView[]>;
  /** What was ordered, as far as it was said. */
  readonly orderOf: (customerId: string, storeId: string) => Promise<Pick<Store, 'start' | 'wishedDomain'> | undefined>;
  readonly domainsOf: (customerId: string, storeId: string) => Promise<readonly DomainView[]>;
  /** How its shop is set, as it said last; `undefined` while it was not asked yet. */
  readonly settingsOf: (storeId: string) => Promise<ShopSettings | undefined>;
  /** How its shop's mail leaves; the password is the worker's to know. */
  readonly mailOf: (storeId: string) => Promise<StoreMailSettings>;
  readonly mailsTo: OutboxRepository['sentTo'];
  readonly webhooksOf: WebhookServices['list'];
  /** Nothing in it opens anything. */
  readonly tokensOf: TokenServices['list'];
  readonly ledger: {
    accountActivity(customerId: string, request: { before?: number | undefined }): Promise<ActivityPage>;
    storeActivity(customerId: string, storeId: string, request: { before?: number | undefined }): Promise<ActivityPage>;
  };
  readonly audit: { append(line: AuditLine): Promise<void> };
  /** Throws `too_many_tries`. */
  readonly count: (customerId: string) => Promise<void>;
  readonly now: () => Date;
}

/** Everything we keep about a person, without secrets. See `AccountDataServices.exportAccount`. */
export function createAccountExport(deps: ExportDeps): AccountDataServices['exportAccount'] {
  const storeOf = async (customerId: string, store: StoreView) => ({
    ...store,
    order: (await deps.orderOf(customerId, store.id)) ?? null,
    domains: await deps.domainsOf(customerId, store.id),
    settings: (await deps.settingsOf(store.id)) ?? null,
    mail: await deps.mailOf(store.id),
    activity: await everyLine((request) => deps.ledger.storeActivity(customerId, store.id, request)),
  });
  return async (token, origin) => {
    const { customerId, email, isVerified, role } = await freshSessionOf(deps, token);
    await deps.count(customerId);
    const [stores, sessions, factors, webhooks, apiTokens, mails] = await Promise.all([
      deps.storesOf(customerId),
      deps.sessionsOf(customerId),
      deps.factorsOf(customerId),
      deps.webhooksOf(customerId),
      deps.tokensOf(customerId),
      // Whoever has not proven the address may share it: the mails may be another account's.
      isVerified ? deps.mailsTo(email) : [],
    ]);
    const at = deps.now();
    const everything = {
      exportedAt: at.toISOString(),
      account: { id: customerId, email, emailConfirmed: isVerified, role },
      stores: await Promise.all(stores.map((store) => storeOf(customerId, store))),
      // Where operators sit is not the owner's to know.
      sessions: sessions.map(({ id, userAgent, address, createdAt, seenAt, isOperators }) => ({
        id,
        device: isOperators ? OPERATORS_DEVICE : deviceInWords(userAgent),
        userAgent: isOperators ? null : userAgent,
        address: isOperators ? null : address,
        signedInAt: createdAt.toISOString(),
        lastUsedAt: seenAt.toISOString(),
      })),
      secondFactors: viewOfFactors(factors),
      webhooks,
      apiTokens,
      activity: await everyLine((request) => deps.ledger.accountActivity(customerId, request)),
      mails: mails.map(({ kind, createdAt, sentAt }) => ({
        kind,
        queuedAt: createdAt.toISOString(),
        sentAt: sentAt?.toISOString() ?? null,
      })),
    };
    // Whoever has the account for a moment takes all of it along by this: its owner sees that it was done.
    await deps.audit.append({ ...originIn(origin), action: 'account.exported', target: customerId, details: {}, at });
    return everything;
  };
}

async function everyLine(page: (request: { before?: number | undefined }) => Promise<ActivityPage>) {
  const lines: ActivityLine[] = [];
  let before: number | undefined;
  do {
    const found = await page({ before });
    lines.push(...found.lines);
    before = found.before ?? undefined;
  } while (before !== undefined && lines.length < MOST_LINES);
  return lines;
}
