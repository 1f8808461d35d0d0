import { AppError } from '../../domain/errors.ts';
import type { Lease } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step, StepContext } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { StoreContainers } from './start-containers.ts';

export type RouteState = 'making' | 'live' | 'failed' | 'suspended';

export interface Routes {
  put(lease: Lease, route: { hostname: string; storeId: string; port: number; state: RouteState }): Promise<void>;
  remove(lease: Lease): Promise<void>;
}

/**
 * Who looks whether a shop answers. `platform`: the shop itself is asked, whatever pages of it are kept. `visitor`: a page that
 * the edge has of it will do; for a shop that had none before this run.
 */
export type Looker = 'platform' | 'visitor';

/** The one nginx in front of all stores. */
export interface Edge {
  /** Makes nginx serve what the routes say. A host that nginx refuses is left out and named; all others are served. */
  apply(signal: AbortSignal): Promise<{ readonly refused: readonly { hostname: string; reason: string }[] }>;
  /**
   * As `apply`, for a route that is live by now; quicker where the edge can do it otherwise. What is not about who gets
   * in, and with which certificate, may take until the next `apply`.
   */
  open(
    route: { hostname: string; storeId: string; port: number },
    signal: AbortSignal,
  ): Promise<{ readonly refused: readonly { hostname: string; reason: string }[] }>;
  /** Handshake and first page, as a browser would; throws `route_unreachable` or `certificate_failed`. */
  probe(hostname: string, signal: AbortSignal, as?: Looker): Promise<void>;
  /** As `probe`, whatever certificate visitors are shown. Throws `route_unreachable`. */
  probeAnswer(hostname: string, signal: AbortSignal): Promise<void>;
}

/**
 * Throws unless visitors find the shop. Where its name on the platform only sends them on to a domain of its owner's, that
 * one has to answer too; its certificate comes and goes apart from any run, and stops none.
 */
export async function probeShop(
  edge: Pick<Edge, 'probe' | 'probeAnswer'>,
  { domain, primaryDomain }: Pick<Store, 'domain' | 'primaryDomain'>,
  signal: AbortSignal,
  as: Looker = 'platform',
): Promise<void> {
  await edge.probe(domain, signal, as);
  if (primaryDomain !== null) await edge.probeAnswer(primaryDomain, signal);
}

/** A new shop is opened as quickly as can be; a repair trusts nothing that is there, and has the edge say all of it anew. */
export function letIn(
  edge: Pick<Edge, 'apply' | 'open'>,
  { domain, id, port }: Store,
  { run, signal }: StepContext,
): ReturnType<Edge['apply']> {
  if (run.kind !== 'provision') return edge.apply(signal);
  return edge.open({ hostname: domain, storeId: id, port }, signal);
}

/** Pages of shops that the edge shows by itself. */
export interface KeptPages {
  /** What is kept from here on answers to all that the shop has said so far of changes; nothing from before is shown. */
  begin(storeId: string): Promise<void>;
  /** Nothing of the store is kept any more. */
  forget(storeId: string): Promise<void>;
}

export function routeTraffic(deps: {
  containers: Pick<StoreContainers, 'giveFullWeight'>;
  routes: Routes;
  edge: Pick<Edge, 'apply' | 'open'>;
  keptPages: KeptPages;
}): Step {
  return {
    name: 'route-traffic',
    title: STEP_TITLES['route-traffic'],
    deadlineMs: MINUTE,
    retry: { attempts: 4, backoffMs: SECOND },
    async ensure(store: Store, context) {
      await deps.routes.put(context.lease, {
        hostname: store.domain,
        storeId: store.id,
        port: store.port,
        state: 'live',
      });
      // The page that is made before the door opens stays; what an installation says of changes is older than it.
      if (context.run.kind === 'provision') await deps.keptPages.begin(store.id);
      const { refused } = await letIn(deps.edge, store, context);
      // Now that it has visitors; it is work for the engine, which the first page would wait for.
      await deps.containers.giveFullWeight(store);
      const ours = refused.find((route) => route.hostname === store.domain);
      if (ours === undefined) return;
      throw new AppError('route_refused', `The edge refused ${store.domain}: ${ours.reason}`, {
        hint: 'Delete the store and make it again under another name.',
        logTail: ours.reason,
      });
    },
    async undo(store, { lease, signal }) {
      await deps.routes.remove(lease);
      await deps.edge.apply(signal);
      await deps.keptPages.forget(store.id);
    },
  };
}
