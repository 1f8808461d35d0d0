import { AppError } from '../../domain/errors.ts';
import { RESTORE_SUBJECT_ENDS, RESTORE_SUBJECT_SPLITS } from '../../domain/one-time-token.ts';
import { readTexts } from './json-columns.ts';
import { type OneTimeTokenUse, useOneTimeToken } from './one-time-tokens.ts';
import type { Queries } from './transactions.ts';

/** A link that takes an address back, being used. */
export interface RestoreLink {
  readonly tokenHash: string;
  readonly customerId: string;
  /** The address that the account had. */
  readonly email: string;
  /** When it got another one. */
  readonly changedAt: Date;
}

/** Uses the link. Throws `link_invalid`. */
export async function useRestoreLink(queries: Queries, use: Omit<OneTimeTokenUse, 'purpose'>): Promise<RestoreLink> {
  const { facts } = await useOneTimeToken(queries, { ...use, purpose: 'restore-email' });
  const { customerId, email, changedAt } = facts;
  if (customerId === undefined || email === undefined || changedAt === undefined) {
    throw new AppError('link_invalid', 'The link does not say which address it takes back.');
  }
  return { tokenHash: use.tokenHash, customerId, email, changedAt: new Date(changedAt) };
}

/**
 * With a change of address every later one is taken back: a hijacker's addresses have links too, which end here. Throws
 * `link_invalid` when the change of `link` was itself taken back with an earlier one. The caller holds the account's row.
 */
export async function endLaterRestores(queries: Queries, link: RestoreLink): Promise<void> {
  const rows = await queries
    .selectFrom('one_time_tokens')
    .select(['token_hash', 'used_at', 'facts_json'])
    .where('subject', '>', `${link.customerId}${RESTORE_SUBJECT_SPLITS}`)
    .where('subject', '<', `${link.customerId}${RESTORE_SUBJECT_ENDS}`)
    .where('purpose', '=', 'restore-email')
    .where('token_hash', '!=', link.tokenHash)
    .forUpdate()
    .execute();
  for (const { token_hash: tokenHash, used_at: usedAt, facts_json: facts } of rows) {
    const changedAt = new Date(readTexts(facts)['changedAt'] ?? 0);
    if (usedAt === null) {
      if (changedAt < link.changedAt) continue;
      await queries.deleteFrom('one_time_tokens').where('token_hash', '=', tokenHash).execute();
    } else if (changedAt <= link.changedAt && link.changedAt <= usedAt) {
      throw new AppError('link_invalid', 'The change that the link takes back was taken back already.');
    }
  }
}
