import { parseNewPassword } from '../../../domain/password.ts';
import type { PasswordAnswer } from '../../services.ts';

/** What is seen of a new password itself while it is typed: no praise that the judge may take back; `undefined` before there is one. */
export function passwordInWords(typed: string): PasswordAnswer | undefined {
  if (typed === '') return undefined;
  try {
    // Its judge compares address and name.
    parseNewPassword(typed, { email: '', storeName: '' });
    return { sentence: 'Long enough.', isAccepted: true };
  } catch (thrown) {
    return { sentence: thrown instanceof Error ? thrown.message : '', isAccepted: false };
  }
}
