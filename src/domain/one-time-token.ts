/** What somebody may do once with a token that was mailed or shown to them; each purpose has tokens of its own. */
export type TokenPurpose =
  | 'verify-email'
  | 'reset-password'
  | 'restore-email'
  | 'second-step'
  | 'passkey-new'
  | 'passkey-sign-in'
  | 'passkey-proof';
