import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { getPublicSuffix } from 'tldts';
import { InvalidInputError } from './errors.ts';

/** RFC 1035: a label has at most 63 octets, a name at most 253 as it is written. */
export const MAX_HOSTNAME_LENGTH = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Longer than any name in any script could be; looked at before anything that costs time. */
const MAX_INPUT_LENGTH = 1000;
const STORE_NAME = /^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/;

/** Control, format (right-to-left marks, soft hyphens, joiners) and space characters: names that look like other names. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Z}]/u;

/** Names that never resolve in public, or that belong to machines; the ones meant for tests and examples are welcome. */
const SPECIAL_SUFFIXES = ['localhost', 'invalid', 'local', 'internal', 'onion', 'arpa'];

/** Labels that are ours, that mail and browsers give a meaning to, or that a swindler would like to have. */
const RESERVED_STORE_NAMES: ReadonlySet<string> = new Set(
  `about abuse accounts acme admin administrator adminer api app apps assets auth autoconfig autodiscover
  backup backups billing blog cache cdn cpanel dashboard database db demo-admin dev dns docs edge email ftp
  git health help host hosting hostmaster imap info internal invalid ipv4 ipv6 isatap legal localdomain localhost
  login logout mail mailer-daemon monitor monitoring mx mysql news nobody noc noreply ns ns0 ns1 ns2 ns3 ns4 ntp
  official panel pay payment payments phpmyadmin platform pop pop3 portal postmaster private proxy public
  register registry root sales secure security server sftp shop-admin shophosting shopctl signin signup smtp
  sql ssh ssl sso staff staging static stats status store-admin stripe support sys sysadmin system test-admin
  tls trust update upgrade usenet uucp vpn web webapp webmail webmaster whois wpad www www1 www2 www3`
    .split(/\s+/)
    .filter(Boolean),
);

/** Is this a host name in the one form we keep: lower-case ASCII labels, no trailing dot, at most 253 characters? */
export function isHostname(text: string): boolean {
  return text.length <= MAX_HOSTNAME_LENGTH && text.split('.').every((label) => LABEL.test(label)) && isIP(text) === 0;
}

/**
 * The label in front of the base domain. Folds case and outer white space, nothing else. Throws `InvalidInputError`
 * with a sentence for whoever typed it; never repeats what was typed.
 */
export function parseStoreName(text: string): string {
  const refuse = refuser('name');
  if (text.length > MAX_INPUT_LENGTH) refuse('The name is too long: use 3 to 40 characters.');
  const name = text.trim().toLowerCase();
  if (name === '') refuse('Give your shop a name: 3 to 40 letters, digits and hyphens.');
  if (name.length < 3 || name.length > 40) refuse('Use 3 to 40 characters for the name.');
  if (/[^a-z0-9-]/.test(name)) refuse('Use only the letters a to z, digits and hyphens in the name.');
  if (!STORE_NAME.test(name)) refuse('Begin and end the name with a letter or a digit.');
  // Two hyphens there mark encoded names (`xn--`): such a label would be shown as something else.
  if (name.slice(2, 4) === '--') refuse('Do not use two hyphens after the first two characters of the name.');
  if (RESERVED_STORE_NAMES.has(name)) refuse('This name is kept for the platform: choose another one.');
  return name;
}

/** What is ours, so that nobody can claim it. */
export interface OwnNames {
  readonly baseDomain: string;
  /** The platform's own hosts, e.g. the one of `PUBLIC_URL`. */
  readonly ownHosts: readonly string[];
}

/**
 * A customer's own domain in the one form we keep: punycode, lower case, no trailing dot. Parsing the result again
 * gives the same. Throws `InvalidInputError` with what to do about it.
 */
export function parseDomainName(text: string, own: OwnNames): string {
  const refuse = refuser('domain');
  if (text.length > MAX_INPUT_LENGTH) refuse('The domain is too long: at most 253 characters, 63 between two dots.');
  const typed = text.trim();
  if (typed === '') refuse('Give a domain, like shop.example.com.');
  refuseMoreThanAName(typed, refuse);
  const name = domainToASCII(typed).replace(/\.$/, '');
  if (name === '') refuse('This is not a domain name. Give one like shop.example.com.');
  if (isIP(name) !== 0) refuse('This is an address, not a domain. Give a name like shop.example.com.');
  refuseBadLabels(name, refuse);
  if (isOurs(name, own)) refuse('This name belongs to the platform. Give a domain of your own.');
  if (SPECIAL_SUFFIXES.some((suffix) => isWithin(name, suffix)))
    refuse('Nobody can reach this name from the internet. Give a domain that you have registered.');
  if (getPublicSuffix(name, { allowPrivateDomains: true }) === name)
    refuse('Names are registered below this one, it is not a shop of its own. Give a domain that you have registered.');
  return name;
}

type Refuse = (sentence: string) => never;

function refuser(field: string): Refuse {
  return (sentence) => {
    throw new InvalidInputError(field, sentence);
  };
}

function refuseMoreThanAName(typed: string, refuse: Refuse): void {
  if (INVISIBLE.test(typed)) refuse('The domain holds a space or an invisible character. Type it anew.');
  if (typed.includes('*')) refuse('Give one name, without *. Further names can be added one by one.');
  if (typed.includes('://') || /[/?#\\@%]/.test(typed))
    refuse('Give only the name, like shop.example.com, without https:// and without a path.');
  if (typed.includes(':') || typed.includes('[')) refuse('Give only the name, without a port and without an address.');
}

function refuseBadLabels(name: string, refuse: Refuse): void {
  if (name.length > MAX_HOSTNAME_LENGTH) refuse('The domain is too long: at most 253 characters.');
  const labels = name.split('.');
  if (labels.some((label) => label.length > 63)) refuse('A part between two dots is too long: at most 63 characters.');
  if (labels.includes('')) refuse('The domain has two dots in a row, or begins with one.');
  if (!isHostname(name))
    refuse('Use only letters, digits and hyphens between the dots, and no hyphen at their beginning or end.');
  if (labels.length < 2) refuse('The domain needs an ending, like .com. Give a name like shop.example.com.');
  if (/^\d+$/.test(labels.at(-1) ?? '')) refuse('The ending of a domain cannot be a number.');
}

function isOurs(name: string, { baseDomain, ownHosts }: OwnNames): boolean {
  return [baseDomain, ...ownHosts].some((own) => isWithin(name, own.toLowerCase().replace(/\.$/, '')));
}

function isWithin(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}
