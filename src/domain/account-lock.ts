import { InvalidInputError } from './errors.ts';
import { plainLine } from './plain-line.ts';

/** As long as the column that keeps it. */
export const LOCK_REASON_LENGTH = 300;

/** Why an account is locked, or open again: one line, kept for good. Throws `InvalidInputError` (`reason`) for none. */
export function parseLockReason(text: string): string {
  const reason = plainLine(text);
  if (reason === undefined || reason === '' || [...reason].length > LOCK_REASON_LENGTH) {
    throw new InvalidInputError('reason', `Say why, in one line of up to ${LOCK_REASON_LENGTH} letters.`);
  }
  return reason;
}
