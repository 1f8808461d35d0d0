import { registrableOf } from './own-domains.ts';

/** Who keeps the DNS of a domain, and so where its records are set: not always where it was registered. */
export interface DnsHost {
  readonly name: string;
  /** What trips people up there; null where nothing is known of that. */
  readonly hint: string | null;
}

const GREY_CLOUD = 'Switch its proxy off for this name: “DNS only”, the grey cloud.';
const ONLY_LABEL = 'The field for the name takes the part before your domain alone; @ is the domain itself.';

/** By the registered name of their name servers. */
const KNOWN: Readonly<Record<string, DnsHost>> = {
  'cloudflare.com': { name: 'Cloudflare', hint: GREY_CLOUD },
  'domaincontrol.com': { name: 'GoDaddy', hint: ONLY_LABEL },
  'registrar-servers.com': { name: 'Namecheap', hint: ONLY_LABEL },
  'gandi.net': { name: 'Gandi', hint: ONLY_LABEL },
  'ui-dns.com': { name: 'IONOS', hint: ONLY_LABEL },
  'digitalocean.com': { name: 'DigitalOcean', hint: ONLY_LABEL },
  'ovh.net': { name: 'OVHcloud', hint: null },
  'porkbun.com': { name: 'Porkbun', hint: null },
};
/** One host, many endings. */
const ENDINGS: readonly (readonly [RegExp, DnsHost])[] = [
  [/\.ns\.hetzner\.(?:com|de)$/, { name: 'Hetzner', hint: ONLY_LABEL }],
  [/\.dnsimple(?:-edge)?\.(?:com|net|io|org)$/, { name: 'DNSimple', hint: null }],
  [/\.ui-dns\.(?:de|org|biz)$/, { name: 'IONOS', hint: ONLY_LABEL }],
  [/\.awsdns-\d+\.(?:com|net|org|co\.uk)$/, { name: 'Amazon Route 53', hint: null }],
  [/\.azure-dns\.(?:com|net|org|info)$/, { name: 'Azure DNS', hint: null }],
];

/** Whose these name servers are; null where they are of several, or there are none. Pure. */
export function dnsHostOf(nameServers: readonly string[]): DnsHost | null {
  const [first, ...others] = nameServers.map(hostOf);
  return first !== undefined && others.every(({ name }) => name === first.name) ? first : null;
}

function hostOf(nameServer: string): DnsHost {
  const ending = registrableOf(nameServer);
  const [, ofEnding] = ENDINGS.find(([pattern]) => pattern.test(nameServer)) ?? [];
  return ofEnding ?? (Object.hasOwn(KNOWN, ending) ? KNOWN[ending] : undefined) ?? { name: ending, hint: null };
}
