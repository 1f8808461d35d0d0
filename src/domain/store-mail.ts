import { isIP } from 'node:net';
import { isHostname } from './domain-name.ts';
import { InvalidFormError, InvalidInputError } from './errors.ts';
import { parseEmail } from './store-input.ts';

/** `starttls` = begun in clear, and nothing sent before it is not; `implicit` = from the first byte; `none` = in clear. */
export const MAIL_TLS_MODES = ['starttls', 'implicit', 'none'] as const;
export type MailTlsMode = (typeof MAIL_TLS_MODES)[number];

/** Ports that mail servers listen on. Where an operator lets stores reach private networks, any port goes. */
const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525];
const LARGEST_PORT = 65_535;
const NAME_MAX = 100;
const USER_MAX = 200;
const PASSWORD_MAX = 500;

/**
 * So many mails of a shop are sent in an hour, each try counted; the others wait for the next one. By our server fewer: all
 * shops share its good name.
 */
export const STORE_MAILS_PER_HOUR = { platform: 200, own: 2000 } as const;

/**
 * More of a shop's mail never waits in the outbox. What it writes then stays with it, its folder fills, and its mail
 * program says so to whoever wants to send.
 */
export const STORE_MAIL_ROOM: MailRoom = { mails: 1000, bytes: 100 * 1024 * 1024 };

export interface MailRoom {
  readonly mails: number;
  readonly bytes: number;
}

/** What a shop wrote to its buyers is theirs: so long we have it after it left, and after it was given up. */
export const STORE_MAIL_KEPT_DAYS = { sent: 7, failed: 30 } as const;

/** What of a shop's mail is on its way. */
export interface StoreMailTraffic {
  /** How many may leave in an hour, the way that is chosen. */
  readonly perHour: number;
  readonly waiting: number;
  /** Then the next ones leave; null while this hour's are not used up. */
  readonly heldUntil: Date | null;
}

/** A mail server of the shop's owner. */
export interface OwnMailServer {
  readonly host: string;
  readonly port: number;
  readonly tls: MailTlsMode;
  /** Null where it asks nobody who they are. */
  readonly user: string | null;
  /** Whom mails are from: what the server lets this user send as. */
  readonly from: string;
}

/** How a shop's mail leaves. */
export interface StoreMailSettings {
  /** What the sender is called; null: what the shop calls it, else the store's title. */
  readonly senderName: string | null;
  /** Where answers go; null: where the shop says. */
  readonly replyTo: string | null;
  /** Null: the platform's own way. */
  readonly server: OwnMailServer | null;
}

export const DEFAULT_STORE_MAIL: StoreMailSettings = { senderName: null, replyTo: null, server: null };

/** The name of its password in the vault. */
export const STORE_MAIL_PASSWORD = 'mail-password';

export const STORE_MAIL_FIELDS = [
  'way',
  'senderName',
  'replyTo',
  'from',
  'host',
  'port',
  'tls',
  'user',
  'password',
] as const;
export type StoreMailField = (typeof STORE_MAIL_FIELDS)[number];

/** What a form or command said, by field. `way` is `platform` or `own`. */
export type StoreMailTexts = Readonly<Partial<Record<StoreMailField, string>>>;

/** What becomes of the password: a new one, the one there is, or none. */
export type MailPassword = { readonly kind: 'new'; readonly clear: string } | { readonly kind: 'kept' | 'none' };

/**
 * What is wished, whole. An empty password keeps the one there is, as long as server and user stay the same: it is not
 * handed to another. Throws `InvalidFormError` with a sentence per field.
 */
export function parseStoreMail(
  texts: StoreMailTexts,
  known: StoreMailSettings,
  { hasPassword, mayBePrivate }: { readonly hasPassword: boolean; readonly mayBePrivate: boolean },
): { readonly settings: StoreMailSettings; readonly password: MailPassword } {
  const form = createForm(texts);
  const senderName = form.read('senderName', (text) => (text === '' ? null : parseSenderName(text)));
  const replyTo = form.read('replyTo', (text) => (text === '' ? null : emailOf('replyTo', text)));
  const isOwn = form.read('way', (text) => parseWay(text)) === 'own';
  if (!isOwn) {
    form.end();
    return { settings: { senderName, replyTo, server: null }, password: { kind: 'none' } };
  }
  const tls = form.read('tls', parseTls);
  const server: OwnMailServer = {
    host: form.read('host', parseHost),
    port: form.read('port', (text) => parsePort(text, mayBePrivate)),
    tls,
    user: form.read('user', (text) => (text === '' ? null : oneLine('user', text, USER_MAX))),
    from: form.read('from', (text) => emailOf('from', text)),
  };
  const isSame = known.server !== null && known.server.host === server.host && known.server.user === server.user;
  const password = form.read('password', (text): MailPassword => {
    if (server.user === null) return { kind: 'none' };
    if (tls === 'none') throw new InvalidInputError('tls', 'A password is never sent in clear: choose TLS.');
    if (text !== '') return { kind: 'new', clear: parsePassword(text) };
    if (isSame && hasPassword) return { kind: 'kept' };
    throw new InvalidInputError('password', 'Give the password of this user at this server.');
  });
  form.end();
  return { settings: { senderName, replyTo, server }, password };
}

/** Reads fields one by one and keeps what is wrong with each; what comes after a wrong one is not used. */
function createForm(texts: StoreMailTexts) {
  const problems: Record<string, string> = {};
  return {
    read<Value>(field: StoreMailField, parse: (text: string) => Value): Value {
      const text = texts[field] ?? '';
      try {
        return parse(field === 'password' ? text : text.trim());
      } catch (thrown) {
        if (!(thrown instanceof InvalidInputError)) throw thrown;
        problems[thrown.field] ??= thrown.message;
        return undefined as Value;
      }
    },
    end(): void {
      if (Object.keys(problems).length > 0) throw new InvalidFormError(problems);
    },
  };
}

function parseWay(text: string): 'platform' | 'own' {
  if (text === 'platform' || text === 'own') return text;
  throw new InvalidInputError('way', 'Mail leaves by way of the platform, or by a server of your own.');
}

function parseTls(text: string): MailTlsMode {
  const mode = MAIL_TLS_MODES.find((candidate) => candidate === text);
  if (mode !== undefined) return mode;
  throw new InvalidInputError('tls', 'Choose how the connection is kept secret.');
}

/** A name or an address; whether it is one that may be reached is looked at when it is reached. */
function parseHost(text: string): string {
  const host = text.toLowerCase().replace(/\.$/, '');
  if (isIP(host) !== 0 || isHostname(host)) return host;
  throw new InvalidInputError('host', 'Give the name of the mail server, like smtp.example.com.');
}

function parsePort(text: string, mayBePrivate: boolean): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (MAIL_PORTS.includes(port) || (mayBePrivate && port > 0 && port <= LARGEST_PORT)) return port;
  throw new InvalidInputError('port', `Mail servers listen on ${MAIL_PORTS.join(', ')}.`);
}

function parsePassword(text: string): string {
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new InvalidInputError('password', 'The password has to be one line.');
  if (text.length <= PASSWORD_MAX) return text;
  throw new InvalidInputError('password', `At most ${PASSWORD_MAX} characters, please.`);
}

/** An address as a name would be read as the sender's. */
function parseSenderName(text: string): string {
  if (text.includes('@')) throw new InvalidInputError('senderName', 'A name, please, without an @.');
  return oneLine('senderName', text, NAME_MAX);
}

function emailOf(field: StoreMailField, text: string): string {
  try {
    return parseEmail(text);
  } catch (thrown) {
    if (thrown instanceof InvalidInputError) throw new InvalidInputError(field, thrown.message);
    throw thrown;
  }
}

function oneLine(field: StoreMailField, text: string, max: number): string {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) throw new InvalidInputError(field, 'One line, please.');
  if (text.length <= max) return text;
  throw new InvalidInputError(field, `At most ${max} characters, please.`);
}
