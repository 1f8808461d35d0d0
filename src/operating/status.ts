import type { ServiceView, StatusView } from '../cli/actions.ts';
import { toAppError } from '../domain/errors.ts';
import { SECOND } from '../lib/time.ts';

const LOOK_WITHIN_MS = 5 * SECOND;

type ServiceName = keyof StatusView['services'];

/** Looks at one part. A throw means down, and its message says why. */
export type Look = (signal: AbortSignal) => Promise<ServiceView>;

/** `status`: every part looked at now, all at once; never throws and never takes longer than its slowest look may. */
export function createStatus(parts: {
  readonly facts: Pick<StatusView, 'version' | 'publicUrl' | 'edge' | 'caFile'>;
  readonly looks: Readonly<Record<ServiceName, Look>>;
  readonly countStores: () => Promise<Readonly<Record<string, number>>>;
}): () => Promise<StatusView> {
  const names = Object.keys(parts.looks) as ServiceName[];
  return async () => {
    const [byStatus, ...views] = await Promise.all([
      within(() => parts.countStores()).catch(() => ({})),
      ...names.map((name) => lookAt(parts.looks[name])),
    ]);
    const services = Object.fromEntries(names.map((name, index) => [name, views[index]])) as StatusView['services'];
    const ready = names.every((name) => services[name].state === 'up');
    return { ready, ...parts.facts, services, stores: { byStatus } };
  };
}

async function lookAt(look: Look): Promise<ServiceView> {
  try {
    return await within(look);
  } catch (thrown) {
    return { state: 'down', detail: toAppError(thrown).message };
  }
}

async function within<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(LOOK_WITHIN_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${LOOK_WITHIN_MS / SECOND} s`)), {
      once: true,
    });
  });
  return Promise.race([ask(signal), late]);
}
