import { crc32 } from 'node:zlib';
import type { CustomerRole } from './customer.ts';

/** What a token may be allowed to do, in words for whoever makes one. What is not here no token can do. */
export const SCOPES = {
  'stores:read': 'See your stores, their progress, logs and activity',
  'stores:write':
    'Create stores, retry, pause and resume them, change their plan and settings, have them send you a test mail',
  'stores:delete': 'Delete stores, and undo it within the days of grace',
  'domains:read': 'See the domains of your stores',
  'domains:write': 'Add, check and remove domains, choose the primary one',
  'credentials:read': 'Read the passwords of your stores and sign in to their administration',
  'credentials:write': 'Have the passwords of your stores changed, and choose the server that their mail leaves by',
  'account:read': 'See your account, its activity and its tokens',
  'webhooks:read': 'See your webhooks and what they were told',
  'webhooks:write': 'Add, change, test and remove webhooks',
  'tokens:revoke': 'Revoke tokens',
  'desk:read': 'See everything that operators see',
  'desk:write': 'Do what operators do with stores, mails and settings',
} as const;
export type ApiScope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as [ApiScope, ...ApiScope[]];

/** Those that an account of this role may give to a token. */
export function scopesFor(role: CustomerRole): readonly ApiScope[] {
  return SCOPE_NAMES.filter((scope) => role === 'operator' || !scope.startsWith('desk:'));
}

/** How many days a token may live: always bounded, and longer only by choice. */
export const TOKEN_DAYS = { usual: 90, least: 1, most: 365 } as const;
/** How many living ones an account may have. */
export const TOKENS_AT_MOST = 30;
/** How long an expired one is still shown to its owner. */
export const EXPIRED_SHOWN_DAYS = 30;
export const TOKEN_NAME_LENGTH = 60;

/** So that whoever finds one in a log or a repository, a scanner included, knows what it is. */
const PREFIX = 'shp_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_LENGTH = 43;
const CHECK_LENGTH = 6;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECK_LENGTH}}$`);
/** How much of one is shown later, so that its owner can tell it from others. */
const HINT_LENGTH = PREFIX.length + 4;

/** The text of a token from 32 random bytes: a prefix, the secret, and a checksum that tells a typing mistake. */
export function apiTokenOf(random: Uint8Array): string {
  const secret = inBase62(BigInt(`0x${Buffer.from(random).toString('hex')}`), SECRET_LENGTH);
  return `${PREFIX}${secret}${checkOf(secret)}`;
}

/** Could it be one? Told by its shape and checksum alone. */
export function isApiToken(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const secret = text.slice(PREFIX.length, PREFIX.length + SECRET_LENGTH);
  return checkOf(secret) === text.slice(PREFIX.length + SECRET_LENGTH);
}

/** Its beginning, which opens nothing. */
export const hintOf = (token: string): string => token.slice(0, HINT_LENGTH);

function checkOf(secret: string): string {
  return inBase62(BigInt(crc32(secret)), CHECK_LENGTH);
}

function inBase62(value: bigint, length: number): string {
  const base = BigInt(ALPHABET.length);
  let text = '';
  for (let rest = value; text.length < length; rest /= base) text = `${ALPHABET[Number(rest % base)]}${text}`;
  return text;
}
