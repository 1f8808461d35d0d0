import type { CertificateTrouble } from '../../domain/certificates.ts';

export interface Refusal {
  readonly trouble: Extract<CertificateTrouble, 'refused' | 'rate-limited' | 'unreachable'>;
  /** The authority's own words where it gave some; ends in a full stop. */
  readonly reason: string;
}

/** RFC 8555 §6.7, as certbot's library prints an error: type, what it means, what it is about. */
const ACME_ERROR = /urn:ietf:params:acme:error:(\w+) :: (.*)/g;
/** A retry of certbot's own: never the reason by itself. */
const NONCE = 'badNonce';
/** What certbot prints of each name that could not be proven. */
const UNPROVEN = /^ +(?:Domain|Identifier): +(\S+)\n +Type: +(\S+)\n +Detail: +(.*)$/m;
const CONNECTION =
  /requests\.exceptions\.(?:ConnectionError|ConnectTimeout|ReadTimeout|Timeout|SSLError)|urllib3\.exceptions\.\w*(?:Timeout|NewConnection|SSL)\w*|(?:ReadTimeout|Connection reset|Connection refused|timed out)/;
const HOOK_FAILED = /Hook '[^']*' (?:reported error code|ran with error output).*/;
const MAX_REASON = 500;

/**
 * Why certbot got nothing, from its log of that one order. Its own last line does not tell: certbot 2.1, which Debian
 * 12 brings, stumbles over its error and prints "AttributeError: can't set attribute".
 */
export function readRefusal(log: string, stderr: string): Refusal {
  const unproven = UNPROVEN.exec(log);
  if (unproven !== null) return { trouble: 'refused', reason: asSentence(`${unproven[3]} (${unproven[2]})`) };
  const errors = [...log.matchAll(ACME_ERROR)].map(([, type = '', text = '']) => ({ type, text }));
  const answer = errors.findLast(({ type }) => type !== NONCE);
  if (answer !== undefined) return { trouble: troubleOf(answer.type), reason: asSentence(detailOf(answer)) };
  const hook = HOOK_FAILED.exec(log);
  if (hook !== null) return { trouble: 'refused', reason: asSentence(hook[0]) };
  if (CONNECTION.test(log)) return { trouble: 'unreachable', reason: 'The authority cannot be reached.' };
  const last = stderr
    .trim()
    .split('\n')
    .findLast((line) => line !== '' && !line.startsWith('Ask for help'));
  return { trouble: 'unreachable', reason: asSentence(last ?? 'certbot ended without a reason') };
}

/** Did the order fail only because of nonces? Then it may be asked anew at once: nothing was refused, nothing counted. */
export function isOnlyAboutNonces(log: string): boolean {
  const types = [...log.matchAll(ACME_ERROR)].map(([, type]) => type);
  return types.length > 0 && types.every((type) => type === NONCE) && !UNPROVEN.test(log);
}

/** Does the authority not know our account (any more)? */
export function isAboutLostAccount(log: string): boolean {
  return [...log.matchAll(ACME_ERROR)].some(([, type]) => type === 'accountDoesNotExist');
}

function troubleOf(type: string): Refusal['trouble'] {
  if (type === 'rateLimited') return 'rate-limited';
  return type === 'serverInternal' ? 'unreachable' : 'refused';
}

function detailOf({ type, text }: { readonly type: string; readonly text: string }): string {
  return `${text.split(' :: ').at(-1) ?? text} (${type})`;
}

function asSentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REASON);
  return line.endsWith('.') ? line : `${line}.`;
}
