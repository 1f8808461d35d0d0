import { AppError } from '../../domain/errors.ts';
import type { Lease } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

export type RouteState = 'making' | 'live' | 'failed' | 'suspended';

export interface Routes {
  put(lease: Lease, route: { hostname: string; storeId: string; port: number; state: RouteState }): Promise<void>;
  remove(lease: Lease): Promise<void>;
}

/** The one nginx in front of all stores. */
export interface Edge {
  /** Makes nginx serve what the routes say. A host that nginx refuses is left out and named; all others are served. */
  apply(signal: AbortSignal): Promise<{ readonly refused: readonly { hostname: string; reason: string }[] }>;
  /** Handshake and first page, as a browser would; throws `route_unreachable` or `certificate_failed`. */
  probe(hostname: string, signal: AbortSignal): Promise<void>;
}

export function routeTraffic(deps: { routes: Routes; edge: Pick<Edge, 'apply'> }): Step {
  return {
    name: 'route-traffic',
    title: STEP_TITLES['route-traffic'],
    deadlineMs: MINUTE,
    retry: { attempts: 4, backoffMs: SECOND },
    async ensure(store: Store, { lease, signal }) {
      await deps.routes.put(lease, { hostname: store.domain, storeId: store.id, port: store.port, state: 'live' });
      const { refused } = await deps.edge.apply(signal);
      const ours = refused.find((route) => route.hostname === store.domain);
      if (ours === undefined) return;
      throw new AppError('route_refused', `The edge refused ${store.domain}: ${ours.reason}`, {
        hint: 'Delete the store and make it again under another name.',
        logTail: ours.reason,
      });
    },
    async undo(_store, { lease, signal }) {
      await deps.routes.remove(lease);
      await deps.edge.apply(signal);
    },
  };
}
