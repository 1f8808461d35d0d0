import { z } from 'zod';
import { NotFoundError } from '../../../domain/errors.ts';
import { type Call, defineRoute } from '../define-route.ts';
import { OF_STORE } from '../schemas/common.ts';
import { DOMAIN, STORE_DOMAINS } from '../schemas/domains.ts';

const LONGEST = 300;
const OF_DOMAIN = OF_STORE.extend({ hostname: z.string().min(1).max(LONGEST) });

const READ = { method: 'get', tag: 'Domains', who: 'customer', scope: 'domains:read', whileActing: true } as const;
const WRITE = { method: 'post', tag: 'Domains', who: 'customer', scope: 'domains:write' } as const;

type OfDomain = Call<z.output<typeof OF_DOMAIN>>;

const wishOf = ({ params, caller: { customerId, origin } }: OfDomain) => ({ ...params, customerId, origin });

async function domainOf({ params, caller, services }: OfDomain) {
  const { domains } = await services.domains.list(caller.customerId, params.storeId);
  const found = domains.find(({ hostname }) => hostname === params.hostname.toLowerCase());
  if (found === undefined) throw new NotFoundError('domain', params.hostname);
  return found;
}

/** A customer's own domains. Each wish is written down at once and made true by a worker within seconds. */
export const DOMAIN_ROUTES = [
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/domains',
      id: 'listDomains',
      summary: 'Where visitors find a store, and what each domain waits for',
      params: OF_STORE,
      answer: STORE_DOMAINS,
    },
    ({ params, caller, services }) => services.domains.list(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/stores/{storeId}/domains',
      id: 'addDomain',
      summary: 'A domain of yours for a store',
      needsProof: true,
      params: OF_STORE,
      body: z.strictObject({ domain: z.string().max(LONGEST) }),
      status: 201,
      answer: DOMAIN,
    },
    ({ params, body, caller, services }) => {
      const { customerId, isVerified, origin } = caller;
      return services.domains.add({ ...params, hostname: body.domain, customerId, isVerified, origin });
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/domains/{hostname}',
      id: 'getDomain',
      summary: 'One of them: records expected and found, certificate, what stands in the way',
      params: OF_DOMAIN,
      answer: DOMAIN,
    },
    domainOf,
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/stores/{storeId}/domains/{hostname}/check',
      id: 'checkDomain',
      summary: 'Look at it soon',
      params: OF_DOMAIN,
      status: 202,
      answer: DOMAIN,
    },
    async (call) => {
      await call.services.domains.check(wishOf(call));
      return domainOf(call);
    },
  ),
  defineRoute(
    {
      ...WRITE,
      method: 'patch',
      path: '/stores/{storeId}/domains/{hostname}',
      id: 'changeDomain',
      summary: 'Does it lead visitors on to the primary domain?',
      params: OF_DOMAIN,
      body: z.strictObject({ isRedirecting: z.boolean() }),
      answer: DOMAIN,
    },
    async (call) => {
      await call.services.domains.setRedirecting({ ...wishOf(call), ...call.body });
      return domainOf(call);
    },
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/stores/{storeId}/domains/{hostname}/primary',
      id: 'makePrimary',
      summary: 'The shop’s own links lead to this name from now on',
      description: 'A domain that is valid, or the store’s name on the platform.',
      needsProof: true,
      params: OF_DOMAIN,
      status: 202,
      answer: STORE_DOMAINS,
    },
    async (call) => {
      const { params, caller, services } = call;
      await services.domains.makePrimary(wishOf(call));
      return services.domains.list(caller.customerId, params.storeId);
    },
  ),
  defineRoute(
    {
      ...WRITE,
      method: 'delete',
      path: '/stores/{storeId}/domains/{hostname}',
      id: 'removeDomain',
      summary: 'It leads here no more',
      needsProof: true,
      params: OF_DOMAIN,
      answer: null,
    },
    (call) => call.services.domains.remove(wishOf(call)),
  ),
];
