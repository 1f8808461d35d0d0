import type { AcmeAuthority } from '../../../src/adapters/certificates/acme-orders.ts';
import { createDomainLookup } from '../../../src/adapters/dns/look-up-domain.ts';
import { edgeFolders } from '../../../src/adapters/edge/edge-folders.ts';
import type { OwnDomain } from '../../../src/domain/own-domains.ts';
import type { Store } from '../../../src/domain/store.ts';
import type { DomainNews } from '../../../src/domains/domain-mails.ts';
import { type CaredFor, createDomainCare } from '../../../src/domains/look-after-domain.ts';
import { createDomainWishes } from '../../../src/domains/wish-domains.ts';
import { DAY } from '../../../src/lib/time.ts';
import type { TestDatabase } from '../../services/for-each-database.ts';
import { type CertificateBench, startCertificateBench } from '../certificates/certificate-bench.ts';
import { signal, startUpstream } from '../edge/edge-bench.ts';
import { anActiveStore } from '../mysql/fixtures.ts';

/** Addresses that this machine is said to have, and one in public that it has not. */
export const HERE = '127.0.0.1';
export const PUBLIC = '198.35.26.96';
export const BLOCKED = 'blocked.example.org';
export const QUARANTINE_DAYS = 30;

export interface Circumstances {
  readonly authority?: AcmeAuthority;
  readonly laterMs?: number;
  /** What happens elsewhere right after the certificate was placed. */
  readonly meanwhile?: () => Promise<void>;
  /** What of the machine does not work this time. */
  readonly broken?: 'probe' | 'apply' | 'removal';
}

export interface DomainBench {
  readonly certificates: CertificateBench;
  readonly news: (DomainNews & { readonly storeId: string })[];
  readonly wishes: ReturnType<typeof createDomainWishes>;
  /** An active shop that visitors reach by its name on the platform. */
  aShop(): Promise<Store>;
  add(store: Store, name: string): Promise<OwnDomain>;
  /** Proof and address are as they must be. */
  pointHere(domain: OwnDomain): Promise<void>;
  /** One look, as the worker's round has it; `laterMs` after now. */
  look(domain: OwnDomain, how?: Circumstances): Promise<CaredFor>;
  kept(domain: OwnDomain): Promise<OwnDomain | undefined>;
  close(): Promise<void>;
}

/** Own domains on a real database, a real DNS server, a real edge and a real authority. */
export async function startDomainBench(database: TestDatabase): Promise<DomainBench> {
  const { repositories } = database;
  const shop = await startUpstream('shop');
  const certificates = await startCertificateBench([BLOCKED]);
  const { edge } = certificates.edge;
  const news: DomainBench['news'] = [];
  const apply = async (stop: AbortSignal) => {
    certificates.edge.routes = await repositories.routes.list();
    return edge.apply(stop);
  };
  await edge.start(signal());
  let tokens = 0;

  const careOf = ({ authority, meanwhile, broken }: Circumstances, now: () => Date) => {
    const real = certificates.certificates(
      authority === undefined ? {} : { orders: certificates.orders({ authority }) },
    );
    const unless = (what: Circumstances['broken']): void => {
      if (broken === what) throw new Error(`${what} is broken`);
    };
    return createDomainCare({
      lookUp: createDomainLookup({
        webroot: edgeFolders(certificates.dataDir).acme,
        dnsServers: [certificates.dns.server],
        publicAddresses: [PUBLIC, HERE],
        challengePort: certificates.edge.options.httpPort,
        ownAddresses: () => [HERE],
      }),
      findStore: (id) => repositories.stores.find({ id }),
      domainsOf: repositories.ownDomains.list,
      looks: repositories.domainLooks,
      certificates: {
        ensure: async (hostname, stop) => {
          const placed = await real.ensure(hostname, stop);
          await meanwhile?.();
          return placed;
        },
        find: real.find,
        remove: async (hostname) => {
          unless('removal');
          await real.remove(hostname);
        },
      },
      edge: {
        apply: async (stop) => {
          unless('apply');
          return apply(stop);
        },
        probe: async (hostname, stop) => {
          unless('probe');
          await edge.probe(hostname, { expectState: 'live' }, stop);
        },
      },
      quarantineDays: QUARANTINE_DAYS,
      placeOf: (store) => ({ addresses: [PUBLIC], platformName: store.domain, isPlatformNamePublic: true }),
      caaIdentity: 'ours.example',
      tell: async (store, told) => void news.push({ ...told, storeId: store.id }),
      now,
    });
  };

  const wishes = createDomainWishes({
    own: { baseDomain: 'shops.example.net', ownHosts: ['panel.example.com'] },
    quarantineDays: QUARANTINE_DAYS,
    makeToken: () => String((tokens += 1)),
    ownDomains: repositories.ownDomains,
    now: () => new Date(),
  });
  const kept = (domain: OwnDomain) => repositories.ownDomains.find(domain);
  return {
    certificates,
    news,
    wishes,
    async aShop() {
      const { store } = await anActiveStore(database);
      await database
        .as('admin')
        .kysely.insertInto('routes')
        .values({ hostname: store.domain, store_id: store.id, port: shop.port, state: 'live' })
        .execute();
      await apply(signal());
      return repositories.stores.get(store.id);
    },
    add: (store, name) => wishes.add({ storeId: store.id, name, actor: store.customerId }),
    async pointHere({ hostname, token }) {
      await certificates.dns.setText(`_shophosting-challenge.${hostname}`, token);
      await certificates.dns.setAddresses(hostname, [HERE]);
    },
    async look(domain, how = {}) {
      const now = (): Date => new Date(Date.now() + (how.laterMs ?? 0));
      // Whether it is due or not: a test has no time to wait.
      const due = await repositories.domainLooks.claimNow(domain.id, new Date(now().getTime() + DAY));
      if (due === undefined) throw new Error(`${domain.hostname} cannot be looked at`);
      return careOf(how, now)(due, signal());
    },
    kept,
    async close() {
      await certificates.close();
      await shop.close();
    },
  };
}
