import { type DnsHost, dnsHostOf } from '../domain/dns-hosts.ts';
import { type ExpectedRecord, type OurPlace, type OwnDomain, recordsFor } from '../domain/own-domains.ts';

/** A record to set, and what is there instead. */
export interface RecordView extends ExpectedRecord {
  readonly found: readonly string[];
  /** `unknown`: nobody has looked yet. */
  readonly status: 'right' | 'wrong' | 'missing' | 'unknown';
}

/** A domain as CLI, API and pages show it. Times are UTC with milliseconds. */
export interface DomainView {
  readonly id: string;
  readonly storeId: string;
  /** In ASCII, as the DNS has it. */
  readonly hostname: string;
  readonly url: string;
  readonly state: OwnDomain['state'];
  readonly isPrimary: boolean;
  readonly isRedirecting: boolean;
  readonly isLeaving: boolean;
  readonly records: readonly RecordView[];
  /** Where the records are set, as far as that is known. */
  readonly dnsHost: DnsHost | null;
  readonly diagnoses: OwnDomain['diagnoses'];
  readonly certificate: OwnDomain['certificate'];
  readonly createdAt: string;
  readonly checkedAt: string | null;
  readonly nextCheckAt: string;
  readonly provenAt: string | null;
  readonly validAt: string | null;
  /** It was connected, and has not led here since then. */
  readonly strayedAt: string | null;
}

export interface DomainFacts {
  readonly place: OurPlace;
  readonly url: string;
  readonly primary: string | null;
}

/** Expected beside found. Pure. */
export function presentDomain(domain: OwnDomain, { place, url, primary }: DomainFacts): DomainView {
  return {
    id: domain.id,
    storeId: domain.storeId,
    hostname: domain.hostname,
    url,
    state: domain.state,
    isPrimary: domain.hostname === primary,
    isRedirecting: domain.isRedirecting,
    isLeaving: domain.isLeaving,
    records: recordsFor(domain, place).map((record) => ({ ...record, ...foundOf(record, domain) })),
    dnsHost: dnsHostOf(domain.found?.nameServers ?? []),
    diagnoses: domain.diagnoses,
    certificate: domain.certificate,
    createdAt: domain.createdAt.toISOString(),
    checkedAt: isoOrNull(domain.checkedAt),
    nextCheckAt: domain.nextCheckAt.toISOString(),
    provenAt: isoOrNull(domain.provenAt),
    validAt: isoOrNull(domain.validAt),
    strayedAt: isoOrNull(domain.strayedAt),
  };
}

function foundOf(record: ExpectedRecord, domain: OwnDomain): Pick<RecordView, 'found' | 'status'> {
  const { found, diagnoses } = domain;
  if (found === null) return { found: [], status: 'unknown' };
  const isFaulty = (...codes: string[]): boolean => diagnoses.some(({ code }) => codes.includes(code));
  if (record.purpose === 'proof') {
    const isProven = domain.provenAt !== null || found.proofs.includes(record.value);
    return { found: found.proofs, status: isProven ? 'right' : statusOf(found.proofs) };
  }
  if (record.purpose === 'www') {
    const isRight = found.www.includes(record.value) || !isFaulty('www-missing');
    return { found: found.www, status: isRight ? 'right' : statusOf(found.www) };
  }
  const isRight = !isFaulty('address-missing', 'address-elsewhere', 'cloudflare-proxy', 'ipv6-leftover');
  const seen = found.alias === null ? ofType(record, found.addresses) : [found.alias, ...found.addresses];
  if (isRight || found.addresses.includes(record.value)) return { found: seen, status: 'right' };
  return { found: seen, status: statusOf(seen) };
}

/** Beside an A record stands what was found of IPv4, beside an AAAA record what of IPv6. */
function ofType({ type }: ExpectedRecord, addresses: readonly string[]): readonly string[] {
  if (type === 'CNAME') return addresses;
  return addresses.filter((address) => address.includes(':') === (type === 'AAAA'));
}

const statusOf = (found: readonly string[]): 'wrong' | 'missing' => (found.length === 0 ? 'missing' : 'wrong');

const isoOrNull = (date: Date | null): string | null => (date === null ? null : date.toISOString());
