import type { OutboxRepository } from '../adapters/mysql/outbox.ts';
import type { SecondFactorRepository } from '../adapters/mysql/second-factors.ts';
import type { SessionRepository } from '../adapters/mysql/sessions.ts';
import { deviceInWords } from '../domain/device-name.ts';
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
  readonly mailsTo: OutboxRepository['sentTo'];
  readonly webhooksOf: WebhookServices['list'];
  /** Nothing in it opens anything. */
  readonly tokensOf: TokenServices['list'];
  readonly ledger: {
    accountActivity(customerId: string, request: { before?: number | undefined }): Promise<ActivityPage>;
    storeActivity(customerId: string, storeId: string, request: { before?: number | undefined }): Promise<ActivityPage>;
  };
  /** Throws `too_many_tries`. */
  readonly count: (customerId: string) => Promise<void>;
  readonly now: () => Date;
}

/** Everything we keep about a person, without secrets. See `AccountDataServices.exportAccount`. */
export function createAccountExport(deps: ExportDeps): AccountDataServices['exportAccount'] {
  return async (token) => {
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
    const activityOf = async (storeId: string) =>
      everyLine((request) => deps.ledger.storeActivity(customerId, storeId, request));
    return {
      exportedAt: deps.now().toISOString(),
      account: { id: customerId, email, emailConfirmed: isVerified, role },
      stores: await Promise.all(stores.map(async (store) => ({ ...store, activity: await activityOf(store.id) }))),
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
