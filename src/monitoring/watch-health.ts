import { type ServiceLooks, tellIll } from '../domain/service-looks.ts';
import type { Store, StoreHealth } from '../domain/store.ts';

/**
 * One word for several services. `down`: visitors get no page, because what faces them is not there, says that it is
 * ill by itself, or has no database. `degraded`: anything else is ill. The web service's own check asks what the shop
 * stands on, so an ill search engine makes it ill too, while pages are still answered.
 */
export function healthOf(looks: ServiceLooks): StoreHealth {
  const { web, db, ...others } = looks;
  if (Object.keys(looks).length === 0) return 'unknown';
  if (web === undefined || web.state === 'missing' || web.state === 'stopped') return 'down';
  if (db?.state === 'missing' || db?.state === 'stopped') return 'down';
  const isAnotherIll = Object.values(others).some(({ state }) => state !== 'running');
  const isDatabaseIll = db?.state === 'unhealthy';
  if (web.state === 'unhealthy') return isAnotherIll && !isDatabaseIll ? 'degraded' : 'down';
  return isAnotherIll || isDatabaseIll ? 'degraded' : 'healthy';
}

/** Looks at the containers of every active store and writes down what changed, with what the ill ones say. */
export function createHealthWatch(deps: {
  activeStores: () => Promise<Store[]>;
  look: (store: Store) => Promise<ServiceLooks>;
  record: (storeId: string, health: StoreHealth, detail: string | null) => Promise<void>;
  /** Is nobody at work on it? Whoever is may have stopped what he is about to start. */
  isFree: (storeId: string) => Promise<boolean>;
  /** Called for a free store whose containers are missing or stopped though it should run. */
  onDown: (store: Store) => void;
}): () => Promise<void> {
  return async () => {
    for (const store of await deps.activeStores()) {
      const looks = await deps.look(store);
      const health = healthOf(looks);
      const detail = tellIll(looks);
      if (health !== store.health || detail !== store.healthDetail) await deps.record(store.id, health, detail);
      const gone = Object.values(looks).some(({ state }) => state === 'missing' || state === 'stopped');
      if (gone && (await deps.isFree(store.id))) deps.onDown(store);
    }
  };
}
