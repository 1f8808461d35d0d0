import { parseNewPassword } from '../../../domain/password.ts';

/** From here on a password counts as strong even when it is made of words. */
const STRONG_LENGTH = 18;

export interface PasswordVerdict {
  readonly sentence: string;
  readonly isAccepted: boolean;
}

/** What the platform will say to a new password, while it is typed; `undefined` before there is one. */
export function passwordInWords(typed: string): PasswordVerdict | undefined {
  if (typed === '') return undefined;
  try {
    // Address and name are compared once the form is sent.
    const password = parseNewPassword(typed, { email: '', storeName: '' });
    const isStrong = [...password].length >= STRONG_LENGTH;
    return { sentence: isStrong ? 'Strong.' : 'Good. Longer is stronger.', isAccepted: true };
  } catch (thrown) {
    return { sentence: thrown instanceof Error ? thrown.message : '', isAccepted: false };
  }
}
