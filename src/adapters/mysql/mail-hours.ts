import type { ErrorCode } from '../../domain/errors.ts';
import { type OutboxLane, STORE_MAIL } from '../../domain/outbox.ts';
import { STORE_MAILS_PER_HOUR } from '../../domain/store-mail.ts';
import { HOUR } from '../../lib/time.ts';
import { writeJson } from './json-columns.ts';
import type { Tx } from './transactions.ts';

/** The hour that a shop's mails are counted in. */
export interface MailHour {
  readonly begunAt: Date;
  readonly endsAt: Date;
  readonly count: number;
  /** As many as may be taken up in it. */
  readonly isUsedUp: boolean;
}

const CODE = 'mail_quota_reached' satisfies ErrorCode;

export const perHourIn = (lane: OutboxLane): number => STORE_MAILS_PER_HOUR[lane === 'platform' ? 'platform' : 'own'];

/** A new one where the last is over, or where it was begun by a clock that was set back since. */
export function mailHourOf(
  row: { readonly mail_hour_at: Date | null; readonly mail_hour_count: number },
  lane: OutboxLane,
  now: Date,
): MailHour {
  const known = row.mail_hour_at;
  const isKnown = known !== null && known <= now && now.getTime() - known.getTime() < HOUR;
  const [begunAt, count] = isKnown ? [known, row.mail_hour_count] : [now, 0];
  return { begunAt, endsAt: new Date(begunAt.getTime() + HOUR), count, isUsedUp: count >= perHourIn(lane) };
}

/** What the shop would have sent before waits until then, and says why. */
export async function holdForHour(tx: Tx, storeId: string, lane: OutboxLane, { endsAt }: MailHour): Promise<void> {
  const message = `The shop has sent its ${perHourIn(lane)} mails of this hour.`;
  await tx
    .updateTable('outbox')
    .set({ next_attempt_at: endsAt, error_json: writeJson({ code: CODE, message }) })
    .where('store_id', '=', storeId)
    .where('kind', '=', STORE_MAIL)
    .where('status', '=', 'queued')
    .where('next_attempt_at', '<', endsAt)
    .execute();
}
