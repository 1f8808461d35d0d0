import { AppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import { MAX_OWN_DOMAINS, type OwnDomain } from '../domain/own-domains.ts';
import type { Run, StepName } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import type { AddressChangeView, DomainServices } from '../web/services/domains.ts';
import type { DomainView } from './present-domain.ts';
import type { createDomainWishes } from './wish-domains.ts';

export interface DomainServiceDeps {
  /** Throws `not_found`, also for somebody else's. */
  readonly ofCustomer: (customerId: string, storeId: string) => Promise<Store>;
  readonly listDomains: (storeId: string) => Promise<readonly OwnDomain[]>;
  readonly wishes: ReturnType<typeof createDomainWishes>;
  readonly present: (domain: OwnDomain, store: Store) => DomainView;
  /** A run that moves the store; see `AddressChangeRepository.request`. */
  readonly requestPrimary: (
    wish: { readonly storeId: string; readonly hostname: string; readonly by: 'owner'; readonly now: Date } & Origin,
  ) => Promise<string>;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly latestRun: (storeId: string) => Promise<Run | undefined>;
  readonly titleOf: (store: Store) => (step: StepName) => string;
  readonly now: () => Date;
  /** Where visitors find a host. */
  readonly addressOf: (hostname: string) => string;
  /** Throws `too_many_tries`. */
  readonly count: (bucket: 'domains-of-customer' | 'domain-looks-of-customer', customerId: string) => Promise<void>;
}

/** What pages and the API do about a customer's own domains. */
export function createDomainServices(deps: DomainServiceDeps): DomainServices {
  const { ofCustomer, wishes, count } = deps;
  return {
    async list(customerId, storeId) {
      const store = await ofCustomer(customerId, storeId);
      const domains = (await deps.listDomains(storeId)).map((domain) => deps.present(domain, store));
      const isAdded = domains.some(({ hostname }) => hostname === store.wishedDomain);
      return {
        platformName: store.domain,
        platformUrl: deps.addressOf(store.domain),
        primary: store.primaryDomain ?? store.domain,
        wished: isAdded ? null : store.wishedDomain,
        domains,
        change: presentChange(await deps.latestRun(storeId), deps.titleOf(store)),
        most: MAX_OWN_DOMAINS,
      };
    },
    async add({ customerId, storeId, hostname, isVerified, origin }) {
      const store = await ofCustomer(customerId, storeId);
      if (!isVerified)
        throw new AppError('not_allowed_now', 'Confirm your e-mail address first: a domain is a serious thing.');
      await count('domains-of-customer', customerId);
      return deps.present(await wishes.add({ storeId, name: hostname, ...origin }), store);
    },
    async check({ customerId, storeId, hostname, origin }) {
      await ofCustomer(customerId, storeId);
      await count('domain-looks-of-customer', customerId);
      await wishes.look({ storeId, name: hostname, ...origin });
    },
    async setRedirecting({ customerId, storeId, hostname, isRedirecting, origin }) {
      await ofCustomer(customerId, storeId);
      await count('domain-looks-of-customer', customerId);
      await wishes.setRedirecting({ storeId, name: hostname, isRedirecting, ...origin });
    },
    async makePrimary({ customerId, storeId, hostname, origin }) {
      await ofCustomer(customerId, storeId);
      await count('domain-looks-of-customer', customerId);
      await deps.ring(await deps.requestPrimary({ storeId, hostname, by: 'owner', now: deps.now(), ...origin }));
    },
    async remove({ customerId, storeId, hostname, origin }) {
      await ofCustomer(customerId, storeId);
      await count('domain-looks-of-customer', customerId);
      await wishes.remove({ storeId, name: hostname, ...origin });
    },
  };
}

function presentChange(run: Run | undefined, titleOf: (step: StepName) => string): AddressChangeView | null {
  const to = run?.input['to'];
  if (run?.kind !== 'change-address' || to === undefined) return null;
  const steps = run.steps.map(({ name, status }) => ({ name, title: titleOf(name), status }));
  return { to, status: run.status, steps, reference: run.id };
}
