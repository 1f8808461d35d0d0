import { isDevelopmentName } from '../adapters/certificates/local-authority.ts';
import { createDomainLookup } from '../adapters/dns/look-up-domain.ts';
import { edgeFolders } from '../adapters/edge/edge-folders.ts';
import { SYSTEM } from '../domain/origin.ts';
import { createDomainMails } from '../domains/domain-mails.ts';
import { createDomainCare } from '../domains/look-after-domain.ts';
import { createRenewalNotes } from '../domains/note-renewals.ts';
import type { Adapters } from './adapters.ts';
import { placeOf } from './domain-place.ts';
import { addressOf } from './store-facts.ts';

/** Authorities whose name in CAA records is not the one in their directory's address. */
const CAA_NAMES: Readonly<Record<string, string>> = { 'zerossl.com': 'sectigo.com' };
const MAIN_LABELS = 2;

/** How the authority calls itself in CAA records, from where it is asked; null for one that nobody else knows. */
export function caaIdentityOf(directory: string | undefined): string | null {
  if (directory === undefined) return null;
  const { hostname } = new URL(directory);
  if (!hostname.includes('.') || isDevelopmentName(hostname)) return null;
  const main = hostname.split('.').slice(-MAIN_LABELS).join('.');
  return CAA_NAMES[main] ?? main;
}

const now = (): Date => new Date();

/** How owners are told of their domains. */
function mailsOf({ config, repositories }: Adapters) {
  return createDomainMails({
    enqueue: async ({ uniqueKey, storeId, recipient, kind, payload }) =>
      void (await repositories.outbox.enqueue({ uniqueKey, storeId, recipient, kind, payload, now: now() })),
    audit: (line) => repositories.audit.append({ ...SYSTEM, ...line, at: now() }),
    pageOf: ({ id }) => new URL(`/stores/${id}/domains`, config.publicUrl).href,
    addressOf: (hostname) => addressOf(config, hostname),
  });
}

/** One look at one domain, on the real world. */
export function createPlatformDomainCare(adapters: Adapters) {
  const { config, repositories, certificates, edge } = adapters;
  const { dnsServers, publicAddresses } = config.domains;
  return createDomainCare({
    lookUp: createDomainLookup({ webroot: edgeFolders(config.dataDir).acme, dnsServers, publicAddresses }),
    findStore: (id) => repositories.stores.find({ id }),
    domainsOf: repositories.ownDomains.list,
    looks: repositories.domainLooks,
    certificates,
    edge: {
      apply: (signal) => edge.apply(signal),
      probe: async (hostname, signal) => void (await edge.probe(hostname, { expectState: 'live' }, signal)),
    },
    placeOf: (store) => placeOf(config, store),
    quarantineDays: config.domains.quarantineDays,
    caaIdentity: caaIdentityOf(config.acme?.directory),
    tell: mailsOf(adapters),
    now,
  });
}

/** What is to be done after each round of renewals. */
export function createPlatformRenewalNotes(adapters: Adapters) {
  const { repositories, certificates } = adapters;
  return createRenewalNotes({
    domainsOfName: repositories.ownDomains.ofName,
    findStore: (id) => repositories.stores.find({ id }),
    find: certificates.find,
    noteCertificate: repositories.domainLooks.noteCertificate,
    tell: mailsOf(adapters),
    now,
  });
}
