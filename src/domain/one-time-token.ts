/** What somebody may do once with a token that was mailed or shown to them; each purpose has tokens of its own. */
export type TokenPurpose =
  | 'verify-email'
  | 'reset-password'
  | 'restore-email'
  | 'second-step'
  | 'passkey-new'
  | 'passkey-sign-in'
  | 'passkey-proof';

/** Between an account and a former address of it. */
export const RESTORE_SUBJECT_SPLITS = '/';
/** The character after `RESTORE_SUBJECT_SPLITS`: before it stand all former addresses of one account. */
export const RESTORE_SUBJECT_ENDS = '0';
/** An account's id and this much of the digest fit where subjects are kept. */
const DIGEST_LENGTH = 32;

/**
 * What a link that takes an address back is about: an account and the address it had. Apart from the account's own id, so
 * that nothing which ends the account's links ends this one, and no change from another address replaces it.
 */
export function restoreSubjectOf(customerId: string, emailDigest: string): string {
  return `${customerId}${RESTORE_SUBJECT_SPLITS}${emailDigest.slice(0, DIGEST_LENGTH)}`;
}
