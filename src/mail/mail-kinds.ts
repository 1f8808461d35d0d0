import { z } from 'zod';
import { AppError } from '../domain/errors.ts';

const LINE_MAX = 400;

/** Text that somebody chose: one line, whatever it was, so that it can never begin a header or a line of its own. */
const line = z
  .string()
  .transform((text) => text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim())
  .pipe(z.string().min(1).max(LINE_MAX));

/** An address to click on: never `javascript:` or another scheme. */
const link = z.url({ protocol: /^https?$/, normalize: true });

/**
 * What each kind of mail is told, and nothing else: a fact that has no field here refuses the mail. There is none for
 * a password, and there must never be one (src/mail/messages.test.ts).
 */
const FACTS = {
  /** The account is made, the shop is being made. */
  welcome: z.strictObject({ storeName: line, email: line, progressUrl: link, dashboardUrl: link }),
  /** The shop is open. `adminNote` is what to know before the first sign-in, where there is something. */
  ready: z.strictObject({
    title: line,
    url: link,
    adminUrl: link,
    username: line,
    dashboardUrl: link,
    adminNote: line.optional(),
  }),
  /** The shop could not be made; it waits for a retry. `storeUrl` is its page in the panel. */
  failed: z.strictObject({ title: line, sentence: line, nextStep: line, storeUrl: link, reference: line }),
  /** Is the address theirs? `validFor` is how long the link holds. */
  'verify-email': z.strictObject({ email: line, verifyUrl: link, validFor: line }),
  /** For whoever has forgotten the password. */
  'reset-password': z.strictObject({ email: line, resetUrl: link, where: line, validFor: line }),
  /** To the old address (`email`) and the new one. `undoUrl` takes the old one back, where it was the account's for good. */
  'email-changed': z.strictObject({
    email: line,
    newEmail: line,
    when: line,
    where: line,
    loginUrl: link,
    undoUrl: link.optional(),
  }),
  /** The account is to go on `dueDate`, with its stores. */
  'account-deletion-scheduled': z.strictObject({ email: line, dueDate: line, loginUrl: link }),
  'account-kept': z.strictObject({ email: line, dashboardUrl: link }),
  'account-deleted': z.strictObject({ email: line, homeUrl: link }),
  /** An account wants an address that another one holds for good. */
  'address-held': z.strictObject({ email: line, loginUrl: link }),
  /** The password of the account is another one from now on. `resetUrl` is for whoever did not do it. */
  'password-changed': z.strictObject({ email: line, when: line, where: line, resetUrl: link }),
  /** A customer's own domain leads to the shop now, with a certificate. */
  'domain-valid': z.strictObject({ domain: line, title: line, url: link, domainsUrl: link }),
  /** It does not, or not any more, and waiting does not heal it. */
  'domain-problem': z.strictObject({ domain: line, title: line, sentence: line, fix: line, domainsUrl: link }),
  /** Its certificate comes to its end and cannot be renewed. `until` is a day. */
  'certificate-problem': z.strictObject({ domain: line, title: line, reason: line, until: line, domainsUrl: link }),
  /** The shop is closed, by its owner or by us. `text` is what an operator has to say about it. */
  suspended: z.strictObject({ title: line, sentence: line, text: line.optional(), storeUrl: link }),
  /** It is open again. */
  resumed: z.strictObject({ title: line, url: link, storeUrl: link }),
  /** A smaller plan allows a request to the shop less than was chosen; `sentence`: how much. */
  'php-limits-lowered': z.strictObject({ title: line, sentence: line, storeUrl: link }),
  /** Its owner has deleted it; until `dueDate` that can be undone. */
  'deletion-scheduled': z.strictObject({ title: line, dueDate: line, storeUrl: link }),
  /** The deletion was undone. */
  'deletion-undone': z.strictObject({ title: line, sentence: line, storeUrl: link }),
  /** A password of the shop is another one from now on. `whose`, in words. */
  'shop-password-changed': z.strictObject({ title: line, whose: line, sentence: line, accessUrl: link }),
  /** Nothing of it is left; so there is no page to lead to but the list of the others. */
  deleted: z.strictObject({ title: line, name: line, dashboardUrl: link }),
  /**
   * What the account asks for besides its password is more or less from now on. `factor`: which, in words. `disownUrl`
   * takes an added one off again.
   */
  'second-factor-changed': z.strictObject({
    email: line,
    change: z.enum(['added', 'removed']),
    factor: line,
    when: line,
    where: line,
    resetUrl: link,
    disownUrl: link.optional(),
  }),
  /** Somebody has logged in by a browser that the account was never opened in. */
  'new-device': z.strictObject({ email: line, when: line, where: line, sessionsUrl: link, resetUrl: link }),
  /** Somebody got in by a recovery code; so many are `left`. */
  'recovery-code-used': z.strictObject({ email: line, left: line, when: line, where: line, securityUrl: link }),
  /** We tell one of the account's webhooks nothing any more. `host` is where it leads. */
  'webhook-switched-off': z.strictObject({ name: line, host: line, sentence: line, webhooksUrl: link }),
  /** A token for programs was made. `scopes`: what it may do, by name. */
  'api-token-made': z.strictObject({
    email: line,
    name: line,
    scopes: line,
    until: line,
    when: line,
    where: line,
    accountUrl: link,
  }),
  /** An operator tries out the mail settings. */
  test: z.strictObject({ publicUrl: link, sentAt: line }),
} as const;

/** Every kind of mail the platform itself writes. */
export type MailKind = keyof typeof FACTS;
export type MailFacts<Kind extends MailKind> = z.output<(typeof FACTS)[Kind]>;
/** A kind with its facts, as the outbox takes it. */
export type MailContent = {
  [Kind in MailKind]: { readonly kind: Kind; readonly payload: MailFacts<Kind> };
}[MailKind];

const SCHEMAS: { readonly [Kind in MailKind]: z.ZodType<MailFacts<Kind>> } = FACTS;

export const MAIL_KINDS = Object.keys(FACTS) as readonly MailKind[];

export function isMailKind(text: string): text is MailKind {
  return Object.hasOwn(FACTS, text);
}

/** The facts of a queued mail, folded and checked. Throws `internal_error`, naming the fields and none of their values. */
export function readFacts<Kind extends MailKind>(kind: Kind, payload: unknown): MailFacts<Kind> {
  const parsed = SCHEMAS[kind].safeParse(payload);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'payload'} (${code})`);
  throw new AppError('internal_error', `A ${kind} mail has not the facts it needs: ${fields.join(', ')}.`);
}
