import { isOfCloudflare } from './network-address.ts';
import {
  challengeNameOf,
  type Diagnosis,
  type DomainState,
  type FoundRecords,
  isApex,
  type OurPlace,
  type OwnDomain,
  PATIENCE,
} from './own-domains.ts';

/** Where an address of a name leads; `unknown` where this machine cannot tell, since it has no public address itself. */
export interface FoundAddress {
  readonly address: string;
  readonly leads: 'here' | 'elsewhere' | 'unknown';
}

/** All that a look into the DNS gave. */
export interface DomainEvidence {
  /** Why the servers could not be asked; everything else is then unknown. */
  readonly failure: string | null;
  /** The texts at the challenge's name. */
  readonly proofs: readonly string[];
  /** What a CNAME at the name itself says. */
  readonly alias: string | null;
  readonly addresses: readonly FoundAddress[];
  /** Who may issue, as the closest CAA record says; null where none does. An empty list lets nobody. */
  readonly caa: { readonly at: string; readonly issuers: readonly string[] } | null;
  /** Where `www` in front of it leads; empty where it was not asked for. */
  readonly www: readonly FoundAddress[];
  /** Of the name that was registered; empty where they could not be asked for. */
  readonly nameServers: readonly string[];
}

export interface Judgement {
  /** `null`: nothing could be learnt this time. */
  readonly isProven: boolean | null;
  readonly leadsHere: boolean | null;
  /** Nothing speaks against asking for a certificate. */
  readonly mayBeCertified: boolean;
  readonly diagnoses: readonly Diagnosis[];
  readonly found: FoundRecords | null;
}

export interface JudgingFacts {
  readonly place: OurPlace;
  /** How the authority calls itself in CAA records; null where that is not known. */
  readonly caaIdentity: string | null;
  /** Names that the store has besides; their own rows speak for them. */
  readonly otherNames: readonly string[];
}

/** What the evidence means, with every fault named: what was found, what was expected, what to change. Pure. */
export function judgeDomain(
  domain: Pick<OwnDomain, 'hostname' | 'token' | 'provenAt'>,
  evidence: DomainEvidence,
  facts: JudgingFacts,
): Judgement {
  if (evidence.failure !== null) {
    return {
      isProven: null,
      leadsHere: null,
      mayBeCertified: false,
      diagnoses: [unanswered(domain.hostname, evidence.failure)],
      found: null,
    };
  }
  const proof = proofDiagnosis(domain, evidence);
  const leading = leadingDiagnoses(domain.hostname, evidence, facts.place);
  const caa = caaDiagnosis(domain.hostname, evidence, facts.caaIdentity);
  return {
    isProven: domain.provenAt !== null || proof === undefined,
    leadsHere: leading.length === 0,
    mayBeCertified: leading.length === 0 && caa === undefined,
    diagnoses: [
      // Once it is proven nobody has to keep the record.
      ...(domain.provenAt === null && proof !== undefined ? [proof] : []),
      ...leading,
      ...(caa === undefined ? [] : [caa]),
      ...wwwAdvice(domain.hostname, evidence, facts),
    ],
    found: {
      proofs: evidence.proofs,
      addresses: evidence.addresses.map(({ address }) => address),
      alias: evidence.alias,
      www: evidence.www.map(({ address }) => address),
      nameServers: evidence.nameServers,
    },
  };
}

/** What waiting does not heal, however short it has been so. */
const INCURABLE = ['proof-differs', 'taken', 'cloudflare-proxy', 'ipv6-leftover', 'caa-forbids'];

/** The state of a domain that is not valid yet; `issuing` when only the certificate is missing. */
export function stateOf(
  domain: Pick<OwnDomain, 'state' | 'createdAt'>,
  { isProven, leadsHere, mayBeCertified, diagnoses }: Judgement,
  now: Date,
): DomainState {
  if (isProven === null || leadsHere === null) return domain.state;
  if (diagnoses.some(({ code }) => INCURABLE.includes(code))) return 'problem';
  if (!isProven) return 'waiting-for-dns';
  if (mayBeCertified) return 'issuing';
  return now.getTime() - domain.createdAt.getTime() < PATIENCE ? 'verifying' : 'problem';
}

function unanswered(hostname: string, failure: string): Diagnosis {
  return {
    code: 'lookup-failed',
    isAdvice: false,
    sentence: `The name servers of ${hostname} gave no usable answer (${failure}).`,
    fix: 'Often they are only slow, and we ask again. If it stays, look at your registrar whether the name is registered, its name servers are right, and DNSSEC is either set up completely or off.',
    found: [],
    expected: [],
  };
}

function proofDiagnosis({ hostname, token }: Pick<OwnDomain, 'hostname' | 'token'>, { proofs }: DomainEvidence) {
  if (proofs.includes(token)) return undefined;
  const at = challengeNameOf(hostname);
  const isMissing = proofs.length === 0;
  return {
    code: isMissing ? 'proof-missing' : 'proof-differs',
    isAdvice: false,
    sentence: isMissing
      ? `There is no TXT record at ${at} yet, so we cannot see that the domain is yours.`
      : `The TXT record at ${at} has another value than this store's.`,
    fix: `${isMissing ? 'Add' : 'Change'} the TXT record ${at} ${isMissing ? 'with the value' : 'to'} ${token}`,
    found: proofs,
    expected: [token],
  } satisfies Diagnosis;
}

function leadingDiagnoses(hostname: string, { addresses, alias }: DomainEvidence, place: OurPlace): Diagnosis[] {
  const expected = place.addresses;
  const told = addresses.map(({ address }) => address);
  const strangers = addresses.filter(({ leads }) => leads === 'elsewhere').map(({ address }) => address);
  const target = targetOf(hostname, place);
  if (addresses.length === 0) {
    return [
      {
        code: 'address-missing',
        isAdvice: false,
        sentence:
          alias === null
            ? `${hostname} leads nowhere yet: it has neither an A nor an AAAA record.`
            : `${hostname} is an alias of ${alias}, which leads nowhere.`,
        fix: `Add ${target}.`,
        found: alias === null ? [] : [alias],
        expected,
      },
    ];
  }
  if (strangers.length === 0) return [];
  const proxied = strangers.filter(isOfCloudflare);
  if (proxied.length > 0) {
    return [
      {
        code: 'cloudflare-proxy',
        isAdvice: false,
        sentence: `Cloudflare's proxy stands before ${hostname} (it resolves to ${proxied.join(', ')}), and it does not pass visitors on to us.`,
        fix: `In Cloudflare's DNS settings set the record of ${hostname} to "DNS only" (the grey cloud), with ${target}.`,
        found: told,
        expected,
      },
    ];
  }
  const isOnlyIpv6 = strangers.every((address) => address.includes(':'));
  if (isOnlyIpv6 && strangers.length < addresses.length) {
    return [
      {
        code: 'ipv6-leftover',
        isAdvice: false,
        sentence: `${hostname} also has an AAAA record that leads elsewhere (${strangers.join(', ')}): visitors with IPv6 would not reach your store.`,
        fix: `Remove the AAAA record ${strangers.join(', ')} of ${hostname}.`,
        found: told,
        expected,
      },
    ];
  }
  return [
    {
      code: 'address-elsewhere',
      isAdvice: false,
      sentence: `${hostname} resolves to ${strangers.join(', ')}, should be ${expected.join(', ') || 'this machine'}.`,
      fix: `Replace what is there (${strangers.join(', ')}) by ${target}.`,
      found: told,
      expected,
    },
  ];
}

/** The record to set, in words. */
function targetOf(hostname: string, { addresses, platformName, isPlatformNamePublic }: OurPlace): string {
  if (isPlatformNamePublic && !isApex(hostname)) return `a CNAME record to ${platformName}`;
  const records = addresses.map((address) => `${address.includes(':') ? 'an AAAA' : 'an A'} record to ${address}`);
  return records.join(' and ') || "an A record to this machine's public address";
}

function caaDiagnosis(hostname: string, { caa }: DomainEvidence, identity: string | null): Diagnosis | undefined {
  if (caa === null || identity === null || caa.issuers.includes(identity)) return undefined;
  return {
    code: 'caa-forbids',
    isAdvice: false,
    sentence: `A CAA record at ${caa.at} lets only ${caa.issuers.join(', ') || 'nobody'} issue certificates for ${hostname}, and ours come from ${identity}.`,
    fix: `Add the CAA record ${caa.at} 0 issue "${identity}", or remove the CAA records there.`,
    found: caa.issuers,
    expected: [identity],
  };
}

function wwwAdvice(hostname: string, { www, addresses }: DomainEvidence, facts: JudgingFacts): Diagnosis[] {
  const name = `www.${hostname}`;
  if (!isApex(hostname) || addresses.length === 0 || facts.otherNames.includes(name)) return [];
  if (www.length > 0 && www.every(({ leads }) => leads !== 'elsewhere')) {
    return [
      {
        code: 'www-missing',
        isAdvice: true,
        sentence: `${name} leads here, but is not a domain of this store: visitors who type www meet an error.`,
        fix: `Add ${name} here as a further domain.`,
        found: www.map(({ address }) => address),
        expected: facts.place.addresses,
      },
    ];
  }
  return [
    {
      code: 'www-missing',
      isAdvice: true,
      sentence: `${name} ${www.length === 0 ? 'leads nowhere' : 'leads elsewhere'}: many people type www.`,
      fix: `Set ${targetOf(name, facts.place)} for ${name}, and add it here as a further domain.`,
      found: www.map(({ address }) => address),
      expected: facts.place.addresses,
    },
  ];
}
