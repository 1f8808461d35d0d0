import { isDevelopmentName } from '../adapters/certificates/local-authority.ts';
import { addressesToPointAt } from '../adapters/dns/reach.ts';
import type { Config } from '../config/config.ts';
import type { OurPlace } from '../domain/own-domains.ts';
import type { Store } from '../domain/store.ts';
import { type DomainView, presentDomain } from '../domains/present-domain.ts';
import { addressOf } from './store-facts.ts';

type PlaceConfig = Pick<Config, 'baseDomain'> & { readonly domains: Pick<Config['domains'], 'publicAddresses'> };

/** What the domains of a store are to be pointed at. */
export function placeOf({ baseDomain, domains }: PlaceConfig, store: Pick<Store, 'domain'>): OurPlace {
  return {
    addresses: addressesToPointAt(domains.publicAddresses),
    platformName: store.domain,
    isPlatformNamePublic: !isDevelopmentName(baseDomain),
  };
}

/** A domain as this installation shows it. */
export function domainPresenterOf(config: PlaceConfig & Pick<Config, 'http'>) {
  return (domain: Parameters<typeof presentDomain>[0], store: Pick<Store, 'domain' | 'primaryDomain'>): DomainView =>
    presentDomain(domain, {
      place: placeOf(config, store),
      url: addressOf(config, domain.hostname),
      primary: store.primaryDomain,
    });
}
