import type { Store, StoreHealth } from '../domain/store.ts';

type ServiceState = 'missing' | 'stopped' | 'unhealthy' | 'running';

/** One word for several services: down when what faces the visitor is not up, degraded when anything else is not. */
export function healthOf(states: Readonly<Record<string, ServiceState>>): StoreHealth {
  const all = Object.values(states);
  if (all.length === 0) return 'unknown';
  if (states['web'] !== 'running' || states['db'] === 'missing' || states['db'] === 'stopped') return 'down';
  return all.every((state) => state === 'running') ? 'healthy' : 'degraded';
}

/** Looks at the containers of every active store and writes down what changed. */
export function createHealthWatch(deps: {
  activeStores: () => Promise<Store[]>;
  states: (store: Store) => Promise<Readonly<Record<string, ServiceState>>>;
  record: (storeId: string, health: StoreHealth) => Promise<void>;
  /** Is nobody at work on it? Whoever is may have stopped what he is about to start. */
  isFree: (storeId: string) => Promise<boolean>;
  /** Called for a free store whose containers are missing or stopped though it should run. */
  onDown: (store: Store) => void;
}): () => Promise<void> {
  return async () => {
    for (const store of await deps.activeStores()) {
      const states = await deps.states(store);
      const health = healthOf(states);
      if (health !== store.health) await deps.record(store.id, health);
      const gone = Object.values(states).some((state) => state === 'missing' || state === 'stopped');
      if (gone && (await deps.isFree(store.id))) deps.onDown(store);
    }
  };
}
