/** What somebody may do once with a token that was mailed or shown to them; each purpose has tokens of its own. */
export type TokenPurpose =
  | 'verify-email'
  | 'reset-password'
  | 'restore-email'
  | 'disown-factor'
  | 'second-step'
  | 'passkey-new'
  | 'passkey-sign-in'
  | 'passkey-proof';

/** Those that are mailed: each leads to the page of its name, with the token in the address. */
export const MAILED_LINKS = [
  'verify-email',
  'reset-password',
  'restore-email',
  'disown-factor',
] as const satisfies readonly TokenPurpose[];
export type MailedLink = (typeof MAILED_LINKS)[number];

/** Pages whose address may hold such a token; the log-in keeps where somebody was on the way to. */
export const PAGES_WITH_TOKENS = [...MAILED_LINKS, 'login'] as const;

/**
 * What is mailed to an owner against somebody who sits in the account. That one can do whatever an owner can, so nothing
 * that an owner does takes a way back away but a way back that reaches further.
 */
export const WAYS_BACK = ['restore-email', 'disown-factor'] as const satisfies readonly MailedLink[];
