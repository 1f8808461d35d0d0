import { getDomain } from 'tldts';
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts';

/**
 * Where a customer's own domain stands. `waiting-for-dns`: nobody has shown yet that it is theirs · `verifying`: it is
 * theirs, and does not lead here yet · `issuing`: it does, its certificate is being asked for · `valid`: visitors reach
 * the shop by it · `problem`: something that waiting alone does not heal.
 */
export const DOMAIN_STATES = ['waiting-for-dns', 'verifying', 'issuing', 'valid', 'problem'] as const;
export type DomainState = (typeof DOMAIN_STATES)[number];

/** What stands in the way, by name: stable, for scripts. */
export type DiagnosisCode =
  | 'lookup-failed'
  | 'proof-missing'
  | 'proof-differs'
  | 'taken'
  | 'address-missing'
  | 'address-elsewhere'
  | 'cloudflare-proxy'
  | 'ipv6-leftover'
  | 'caa-forbids'
  | 'certificate-failed'
  | 'not-served'
  | 'www-missing';

/** One thing that is not as it should be: what was found, what was expected, and the one thing to do. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  /** Worth knowing, but nothing waits for it. */
  readonly isAdvice: boolean;
  readonly sentence: string;
  /** The exact thing to change, one sentence. */
  readonly fix: string;
  readonly found: readonly string[];
  readonly expected: readonly string[];
}

/** A domain of a store besides its name on the platform. */
export interface OwnDomain {
  readonly id: string;
  readonly storeId: string;
  readonly hostname: string;
  readonly state: DomainState;
  /** Must stand in the DNS, at `_shophosting-challenge.HOSTNAME`. One per store. */
  readonly token: string;
  /** Visitors are sent on to the primary domain; otherwise the shop answers under this name too. */
  readonly isRedirecting: boolean;
  /** Its owner wants it gone; the next look takes it away. */
  readonly isLeaving: boolean;
  readonly diagnoses: readonly Diagnosis[];
  readonly certificate: CertificateNote | null;
  /** What the DNS said last. */
  readonly found: FoundRecords | null;
  /** Looks in a row that changed nothing. */
  readonly quietLooks: number;
  readonly createdAt: Date;
  readonly checkedAt: Date | null;
  readonly nextCheckAt: Date;
  /** Since when it is known to be the store's. */
  readonly provenAt: Date | null;
  readonly validAt: Date | null;
  /** It was valid once, and has not led here since then. */
  readonly strayedAt: Date | null;
}

/** Whose a name is that somebody has shown to be theirs; `quarantined`: another customer gave it up lately. */
export type ProofAnswer = 'proven' | 'taken' | 'quarantined';

/** What a page shows beside what is expected. */
export interface FoundRecords {
  readonly proofs: readonly string[];
  readonly addresses: readonly string[];
  readonly alias: string | null;
  readonly www: readonly string[];
  /** Missing in what was found before anybody asked for them. */
  readonly nameServers?: readonly string[];
}

/** What visitors of a domain are shown, and how the last try for a new certificate went. Times as ISO texts. */
export interface CertificateNote {
  /** Who vouches for it, e.g. `Let's Encrypt (R11)`; null while there is none. */
  readonly issuer: string | null;
  readonly isPubliclyTrusted: boolean;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly lastTry: { readonly at: string; readonly isDone: boolean; readonly reason: string | null } | null;
}

export const CHALLENGE_LABEL = '_shophosting-challenge';

export const challengeNameOf = (hostname: string): string => `${CHALLENGE_LABEL}.${hostname}`;

/** How many own domains one store may have. */
export const MAX_OWN_DOMAINS = 20;

/** Is this a name that somebody registers, so that it can have no CNAME? */
export function isApex(hostname: string): boolean {
  return registrableOf(hostname) === hostname;
}

/** The name that was registered: `example.co.uk` of `shop.example.co.uk`. */
export function registrableOf(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}

export interface ExpectedRecord {
  readonly purpose: 'proof' | 'address' | 'www';
  readonly type: 'TXT' | 'A' | 'AAAA' | 'CNAME';
  readonly name: string;
  /** As most registrars' forms want it: relative to the registered name. */
  readonly label: string;
  readonly value: string;
  /** Seconds. Short, so that a mistake is mended soon. */
  readonly ttl: number;
}

/** What a domain of a store must be pointed at. */
export interface OurPlace {
  /** This installation's addresses, as visitors reach them. */
  readonly addresses: readonly string[];
  /** The store's name on the platform. */
  readonly platformName: string;
  /** Does that name resolve for everybody? Then a CNAME may lead to it. */
  readonly isPlatformNamePublic: boolean;
}

const RECORD_TTL = 300;

/**
 * Every record that makes the domain work, in the order to set them: the proof, then what leads here (an apex can have
 * no CNAME, so it gets addresses), and for an apex its `www`.
 */
export function recordsFor(domain: Pick<OwnDomain, 'hostname' | 'token'>, place: OurPlace): ExpectedRecord[] {
  const { hostname, token } = domain;
  const base = registrableOf(hostname);
  const labelOf = (name: string): string => (name === base ? '@' : name.slice(0, -base.length - 1));
  const record = (
    purpose: ExpectedRecord['purpose'],
    type: ExpectedRecord['type'],
    name: string,
    value: string,
  ): ExpectedRecord => ({ purpose, type, name, label: labelOf(name), value, ttl: RECORD_TTL });
  const leading = (purpose: 'address' | 'www', name: string): ExpectedRecord[] =>
    place.isPlatformNamePublic && !isApex(name)
      ? [record(purpose, 'CNAME', name, place.platformName)]
      : place.addresses.map((address) => record(purpose, address.includes(':') ? 'AAAA' : 'A', name, address));
  return [
    record('proof', 'TXT', challengeNameOf(hostname), token),
    ...leading('address', hostname),
    ...(hostname === base ? leading('www', `www.${hostname}`) : []),
  ];
}

/** A domain that was valid is looked at again now and then, more often while it does not lead here. */
const LOOK_AGAIN = { valid: 12 * HOUR, strayed: HOUR } as const;
const FIRST_PAUSE = 15 * SECOND;
const LONGEST_PAUSE = 6 * HOUR;
/** After this nobody seems to be at work on it any more. */
const OLD = 14 * DAY;
const OLD_PAUSE = DAY;

/** How long until the domain is looked at again by itself: soon after a change, then ever more rarely. */
export function pauseBeforeLook(
  domain: Pick<OwnDomain, 'state' | 'quietLooks' | 'strayedAt' | 'createdAt'>,
  now: Date,
): number {
  if (domain.strayedAt !== null) return LOOK_AGAIN.strayed;
  if (domain.state === 'valid') return LOOK_AGAIN.valid;
  if (now.getTime() - domain.createdAt.getTime() > OLD) return OLD_PAUSE;
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(Math.floor(domain.quietLooks / 2), 16));
}

/** So long, and so many looks, must a domain have led elsewhere before its owner is told. */
const STRAYED_FOR = DAY;

export function isDangling(domain: Pick<OwnDomain, 'strayedAt'>, now: Date): boolean {
  return domain.strayedAt !== null && now.getTime() - domain.strayedAt.getTime() >= STRAYED_FOR;
}

/** It leads elsewhere and its certificate has ended: another one cannot be had, so nobody is asked for it. */
export function hasLapsed(
  { strayedAt, certificate }: Pick<OwnDomain, 'strayedAt' | 'certificate'>,
  now: Date,
): boolean {
  const notAfter = certificate?.notAfter ?? null;
  return strayedAt !== null && (notAfter === null || new Date(notAfter) <= now);
}

/** DNS takes its time: a name that leads elsewhere is no problem before this. */
export const PATIENCE = 30 * MINUTE;
