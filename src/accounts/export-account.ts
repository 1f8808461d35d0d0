import type { OutboxRepository } from '../adapters/mysql/outbox.ts';
import type { SessionRepository } from '../adapters/mysql/sessions.ts';
import { deviceInWords } from '../domain/device-name.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { AccountDataServices } from '../web/services/account-data.ts';
import type { ActivityLine, ActivityPage } from '../web/services/ledger.ts';
import { freshSessionOf } from './fresh-session.ts';
import type { Sessions } from './sessions.ts';

/** More than anybody has, and little enough for one answer. */
const MOST_LINES = 10_000;

export interface ExportDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly sessionsOf: SessionRepository['listOf'];
  readonly storesOf: (customerId: string) => Promise<readonly StoreView[]>;
  readonly mailsTo: OutboxRepository['sentTo'];
  readonly ledger: {
    accountActivity(customerId: string, request: { before?: number | undefined }): Promise<ActivityPage>;
    storeActivity(customerId: string, storeId: string, request: { before?: number | undefined }): Promise<ActivityPage>;
  };
  readonly now: () => Date;
}

/** Everything we keep about a person, without secrets. See `AccountDataServices.exportAccount`. */
export function createAccountExport(deps: ExportDeps): AccountDataServices['exportAccount'] {
  return async (token) => {
    const { customerId, email, isVerified, role } = await freshSessionOf(deps, token);
    const [stores, sessions, mails] = await Promise.all([
      deps.storesOf(customerId),
      deps.sessionsOf(customerId),
      deps.mailsTo(email),
    ]);
    const activityOf = async (storeId: string) =>
      everyLine((request) => deps.ledger.storeActivity(customerId, storeId, request));
    return {
      exportedAt: deps.now().toISOString(),
      account: { id: customerId, email, emailConfirmed: isVerified, role },
      stores: await Promise.all(stores.map(async (store) => ({ ...store, activity: await activityOf(store.id) }))),
      sessions: sessions.map(({ id, userAgent, address, createdAt, seenAt }) => ({
        id,
        device: deviceInWords(userAgent),
        userAgent,
        address,
        signedInAt: createdAt.toISOString(),
        lastUsedAt: seenAt.toISOString(),
      })),
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
