import { makePassword } from '../adapters/crypto/make-password.ts';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { DomainActions } from '../cli/domain-actions.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/origin.ts';
import type { OwnDomain } from '../domain/own-domains.ts';
import type { Run } from '../domain/run.ts';
import type { DomainView } from '../domains/present-domain.ts';
import { createDomainWishes } from '../domains/wish-domains.ts';
import { probeUntil } from '../lib/deadline.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { Adapters } from './adapters.ts';
import { domainPresenterOf } from './domain-place.ts';
import { createPlatformDomainCare } from './domains.ts';

const TOKEN_LENGTH = 32;
const LEASE_MS = 6 * MINUTE;

/** `shopctl domain …` */
export function createDomainActions(open: () => Adapters): DomainActions {
  const operator = () => originOfOperator(operatorName());
  const wishes = () => {
    const { config, repositories } = open();
    return createDomainWishes({
      own: { baseDomain: config.baseDomain, ownHosts: [config.platformHost] },
      quarantineDays: config.domains.quarantineDays,
      makeToken: () => makePassword(TOKEN_LENGTH),
      ownDomains: repositories.ownDomains,
      now: () => new Date(),
    });
  };

  async function view(domain: OwnDomain): Promise<DomainView> {
    const { config, repositories } = open();
    return domainPresenterOf(config)(domain, await repositories.stores.get(domain.storeId));
  }

  async function find({ name, storeId }: { name: string; storeId?: string }): Promise<OwnDomain> {
    const hostname = name.trim().toLowerCase().replace(/\.$/, '');
    const all = await open().repositories.ownDomains.ofName(hostname);
    const theirs = storeId === undefined ? all : all.filter((domain) => domain.storeId === storeId);
    const [first, second] = theirs;
    if (first === undefined) throw new NotFoundError('domain', name);
    if (second !== undefined && first.provenAt === null)
      throw new InvalidInputError('store', `Several stores wish for ${hostname}: name one with --store.`);
    return first;
  }

  /** An own domain, or a store's name on the platform. */
  async function findHost(asked: { name: string; storeId?: string }): Promise<{ hostname: string; storeId: string }> {
    const hostname = asked.name.trim().toLowerCase().replace(/\.$/, '');
    const store = (await open().repositories.stores.list()).find(({ domain }) => domain === hostname);
    return store === undefined ? find(asked) : { hostname, storeId: store.id };
  }

  /** The run when it is over, or as it is when the signal aborts. */
  async function ended(runId: string, signal: AbortSignal): Promise<Run> {
    const { runs } = open().repositories;
    const isOver = async (): Promise<Run | undefined> => {
      const run = await runs.get(runId);
      return run.status === 'done' || run.status === 'failed' ? run : undefined;
    };
    const options = { signal, firstDelayMs: SECOND / 4, maxDelayMs: SECOND };
    return probeUntil(isOver, options).catch((thrown: unknown) => {
      if (signal.aborted) return runs.get(runId);
      throw thrown;
    });
  }

  /** The look that a worker would have, here and now. */
  async function look(domain: OwnDomain, signal: AbortSignal): Promise<void> {
    const adapters = open();
    const until = new Date(Date.now() + LEASE_MS);
    const due = await adapters.repositories.domainLooks.claimNow(domain.id, until);
    if (due !== undefined) await createPlatformDomainCare(adapters)(due, signal);
  }

  return {
    async listDomains({ storeId, state }) {
      const { ownDomains } = open().repositories;
      const found =
        storeId === undefined ? await ownDomains.listAll({ ...(state && { state }) }) : await ownDomains.list(storeId);
      return Promise.all(found.filter((domain) => state === undefined || domain.state === state).map(view));
    },
    addDomain: async (wish) => view(await wishes().add({ ...wish, ...operator() })),
    async checkDomain({ signal, ...asked }) {
      const domain = await find(asked);
      await look(domain, signal);
      return view((await open().repositories.ownDomains.find(domain)) ?? domain);
    },
    async makePrimaryDomain({ signal, waitMs, ...asked }) {
      const { repositories, doorbell } = open();
      const { hostname, storeId } = await findHost(asked);
      const wish = { storeId, hostname, by: 'operator' as const, now: new Date(), ...operator() };
      const runId = await repositories.addressChanges.request(wish);
      await doorbell.ring(runId);
      const run =
        waitMs === undefined
          ? await repositories.runs.get(runId)
          : await ended(runId, AbortSignal.any([signal, AbortSignal.timeout(waitMs)]));
      const { status, error } = run;
      const told = error && { code: error.code, message: error.message, hint: error.hint };
      return { hostname, storeId, runId, status, error: told };
    },
    async removeDomain({ signal, ...asked }) {
      const domain = await find(asked);
      const { hostname, storeId } = domain;
      await wishes().remove({ storeId, name: hostname, ...operator() });
      await look((await open().repositories.ownDomains.find(domain)) ?? domain, signal);
      return { hostname, storeId, removed: (await open().repositories.ownDomains.find(domain)) === undefined };
    },
  };
}
