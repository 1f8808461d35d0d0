import { z } from 'zod';
import type { CustomerRepository } from '../adapters/mysql/customers.ts';
import { AppError } from '../domain/errors.ts';
import type { MailedLink } from '../domain/one-time-token.ts';
import { DAY } from '../lib/time.ts';
import type { MailContent, MailFacts } from '../mail/mail-kinds.ts';
import { RESET_LINK_LIVES_MS } from './limits.ts';
import type { OneTimeTokens, TokenOrder } from './one-time-tokens.ts';

/** How long each link holds, and what the mail says of it. */
const VERIFY = { livesMs: DAY, words: 'a day' } as const;
const RESET = { livesMs: RESET_LINK_LIVES_MS, words: '45 minutes' } as const;
const WAY_BACK_LIVES_MS = 14 * DAY;

/**
 * What is queued for a mail with a link in it. The link is made when the mail leaves, so none ever lies in the database;
 * and whether there is anybody to write to is looked up then, so whoever asks for a mail learns nothing by asking.
 */
export interface LinkMailOrders {
  /** `email`: the address to be confirmed; the account may still have another one. */
  readonly 'verify-email': { readonly customerId: string; readonly email: string };
  readonly 'reset-password': { readonly email: string; readonly where: string };
  /**
   * `restores`: set when the old address was the account's for good, so that its owner may have it back, with what was
   * done `since` (ISO).
   */
  readonly 'email-changed': {
    readonly email: string;
    readonly newEmail: string;
    readonly when: string;
    readonly where: string;
    readonly restores?: string;
    readonly since?: string;
  };
  /** `disowns`: what was added, `totp` or a passkey's id, and when (ISO), so that its owner can take it off again. */
  readonly 'second-factor-changed': MailFacts<'second-factor-changed'> & {
    readonly disowns?: { readonly customerId: string; readonly factor: string; readonly since: string };
  };
}

const ORDERS = {
  'verify-email': z.object({ customerId: z.string(), email: z.string() }),
  'reset-password': z.object({ email: z.string(), where: z.string() }),
  'email-changed': z.object({
    email: z.string(),
    newEmail: z.string(),
    when: z.string(),
    where: z.string(),
    restores: z.string().optional(),
    since: z.string().optional(),
  }),
  'second-factor-changed': z.object({
    email: z.string(),
    change: z.enum(['added', 'removed']),
    factor: z.string(),
    when: z.string(),
    where: z.string(),
    resetUrl: z.string(),
    disowns: z.object({ customerId: z.string(), factor: z.string(), since: z.string() }).optional(),
  }),
  'account-deleted': z.object({ email: z.string() }),
} as const;

type Order<Kind extends keyof typeof ORDERS> = z.output<(typeof ORDERS)[Kind]>;

export interface LinkMailsDeps {
  readonly customers: Pick<CustomerRepository, 'findForLogin' | 'listForLogin'>;
  readonly links: Pick<OneTimeTokens, 'issue'>;
  /** What a token for an address is about, while nobody has chosen an account. */
  readonly digestOf: (text: string) => string;
  /** Ends in `/`. */
  readonly publicUrl: string;
}

/**
 * Completes queued mails as they leave: with their links, or not at all (`null`) when there is nobody to write to any
 * more. Every other mail stays as it is. A mail that is sent again gets a new link; the one before is then worth nothing.
 */
export function createLinkMails(deps: LinkMailsDeps) {
  return async (mail: { kind: string; payload: unknown }): Promise<{ kind: string; payload: unknown } | null> => {
    if (mail.kind === 'verify-email') return verification(deps, read('verify-email', mail.payload));
    if (mail.kind === 'reset-password') return reset(deps, read('reset-password', mail.payload));
    if (mail.kind === 'email-changed') return change(deps, read('email-changed', mail.payload));
    if (mail.kind === 'second-factor-changed') return factorChange(deps, read('second-factor-changed', mail.payload));
    if (mail.kind === 'account-deleted') return farewell(deps, read('account-deleted', mail.payload));
    return mail;
  };
}

async function verification(
  deps: LinkMailsDeps,
  { customerId, email }: Order<'verify-email'>,
): Promise<MailContent | null> {
  const account = await deps.customers.findForLogin(customerId);
  if (account === undefined || (account.isClaimed && account.email === email)) return null;
  const isHeld = (await deps.customers.listForLogin(email)).some(({ id, isClaimed }) => isClaimed && id !== customerId);
  if (isHeld) return { kind: 'address-held', payload: { email, loginUrl: new URL('login', deps.publicUrl).href } };
  const verifyUrl = await link(deps, {
    purpose: 'verify-email',
    subject: customerId,
    facts: { email },
    livesMs: VERIFY.livesMs,
  });
  return { kind: 'verify-email', payload: { email, verifyUrl, validFor: VERIFY.words } };
}

async function reset(deps: LinkMailsDeps, { email, where }: Order<'reset-password'>): Promise<MailContent | null> {
  if ((await deps.customers.listForLogin(email)).length === 0) return null;
  const subject = deps.digestOf(email);
  const resetUrl = await link(deps, { purpose: 'reset-password', subject, facts: { email }, livesMs: RESET.livesMs });
  return { kind: 'reset-password', payload: { email, resetUrl, where, validFor: RESET.words } };
}

async function change(deps: LinkMailsDeps, order: Order<'email-changed'>): Promise<MailContent> {
  const { restores, since, ...told } = order;
  const facts = { ...told, loginUrl: new URL('login', deps.publicUrl).href };
  if (restores === undefined) return { kind: 'email-changed', payload: facts };
  const { email } = facts;
  const undoUrl = await link(deps, {
    purpose: 'restore-email',
    subject: restores,
    facts: { email },
    since: since === undefined ? undefined : new Date(since),
    livesMs: WAY_BACK_LIVES_MS,
  });
  return { kind: 'email-changed', payload: { ...facts, undoUrl } };
}

/** The link goes to owners of confirmed addresses, and to no operator: see docs/decisions/028. */
async function factorChange(deps: LinkMailsDeps, order: Order<'second-factor-changed'>): Promise<MailContent> {
  const { disowns, ...facts } = order;
  const account = disowns && (await deps.customers.findForLogin(disowns.customerId));
  if (disowns === undefined || account?.isClaimed !== true || account.role === 'operator') {
    return { kind: 'second-factor-changed', payload: facts };
  }
  const disownUrl = await link(deps, {
    purpose: 'disown-factor',
    subject: disowns.customerId,
    facts: { factor: disowns.factor, words: facts.factor },
    since: new Date(disowns.since),
    livesMs: WAY_BACK_LIVES_MS,
  });
  return { kind: 'second-factor-changed', payload: { ...facts, disownUrl } };
}

const farewell = ({ publicUrl }: LinkMailsDeps, { email }: Order<'account-deleted'>): MailContent => ({
  kind: 'account-deleted',
  payload: { email, homeUrl: publicUrl },
});

/** The page that acts on a link is called what its token is for. */
async function link(
  { links, publicUrl }: LinkMailsDeps,
  order: TokenOrder & { readonly purpose: MailedLink },
): Promise<string> {
  const url = new URL(order.purpose, publicUrl);
  url.searchParams.set('token', await links.issue(order));
  return url.href;
}

function read<Kind extends keyof typeof ORDERS>(kind: Kind, payload: unknown): Order<Kind> {
  const parsed = ORDERS[kind].safeParse(payload);
  if (!parsed.success) throw new AppError('internal_error', `A queued ${kind} mail does not say for whom it is.`);
  return parsed.data as Order<Kind>;
}
