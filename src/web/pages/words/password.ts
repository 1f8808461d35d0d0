import { parseNewPassword } from '../../../domain/password.ts';

export interface PasswordVerdict {
  readonly sentence: string;
  readonly isAccepted: boolean;
}

/** What is seen of a new password itself while it is typed: no praise that the judge may take back; `undefined` before there is one. */
export function passwordInWords(typed: string): PasswordVerdict | undefined {
  if (typed === '') return undefined;
  try {
    // Address and name are compared once the form is sent.
    parseNewPassword(typed, { email: '', storeName: '' });
    return { sentence: 'Long enough. Whether it is hard to guess is judged once you send it.', isAccepted: true };
  } catch (thrown) {
    return { sentence: thrown instanceof Error ? thrown.message : '', isAccepted: false };
  }
}
