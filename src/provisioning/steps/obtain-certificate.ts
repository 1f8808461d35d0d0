import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import { type Edge, letIn, probeShop } from './route-traffic.ts';

export interface Certificates {
  /** A valid certificate for the name is there, renewed when it is near its end. */
  ensure(hostname: string, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
  /** Forgets the name's certificate. Call only after no route names it. */
  remove(hostname: string): Promise<void>;
}

export function obtainCertificate(deps: {
  certificates: Certificates;
  edge: Edge;
  /** The store's domains besides its name on the platform; their certificates come and go apart from any run, but go with it. */
  ownNames: (storeId: string) => Promise<readonly string[]>;
}): Step {
  return {
    name: 'obtain-certificate',
    title: STEP_TITLES['obtain-certificate'],
    deadlineMs: 3 * MINUTE,
    retry: { attempts: 4, backoffMs: 2 * SECOND },
    async ensure(store, context) {
      const { signal } = context;
      await deps.certificates.ensure(store.domain, signal);
      await letIn(deps.edge, store, context);
      // With certificates chosen by name a missing or unreadable one passes nginx's own test: only a handshake tells.
      // A new shop's first page takes up to a second of a processor: it was made before its door was opened.
      await probeShop(deps.edge, store, signal, context.run.kind === 'provision' ? 'visitor' : 'platform');
    },
    // Walking back, this comes before the route goes; a name without a certificate of its own is served the fallback.
    async undo(store) {
      for (const name of [...(await deps.ownNames(store.id)), store.domain]) await deps.certificates.remove(name);
    },
  };
}
