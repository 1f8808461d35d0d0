import { type ServiceLooks, tellIll } from '../domain/service-looks.ts';
import type { Store, StoreHealth } from '../domain/store.ts';

/** How the web service's own check begins where that is all it complains of (images/magento/lib/health.php). */
const SEARCH_IS_ILL = 'search: ';

/**
 * One word for several services. `down`: visitors get no page, because what faces them is not there, says that it is
 * ill, or has no database. `degraded`: anything else is ill. The web service's own check asks what the shop stands on and
 * names what is ill: with no search engine, or without its index, pages are still answered.
 */
export function healthOf(looks: ServiceLooks): StoreHealth {
  const { web, db, ...others } = looks;
  if (Object.keys(looks).length === 0) return 'unknown';
  if (web === undefined || web.state === 'missing' || web.state === 'stopped') return 'down';
  if (db?.state === 'missing' || db?.state === 'stopped') return 'down';
  const isAnotherIll = Object.values(others).some(({ state }) => state !== 'running');
  const isDatabaseIll = db?.state === 'unhealthy';
  if (web.state === 'unhealthy') return web.said?.startsWith(SEARCH_IS_ILL) && !isDatabaseIll ? 'degraded' : 'down';
  return isAnotherIll || isDatabaseIll ? 'degraded' : 'healthy';
}

/** Looks at the containers of every active store and writes down what changed, with what the ill ones say. */
export function createHealthWatch(deps: {
  activeStores: () => Promise<Store[]>;
  /** Looks once for all, and is then asked for each. */
  lookAtAll: () => Promise<(store: Store) => Promise<ServiceLooks>>;
  record: (storeId: string, health: StoreHealth, detail: string | null) => Promise<void>;
  /** Is nobody at work on it? Whoever is may have stopped what he is about to start. */
  isFree: (storeId: string) => Promise<boolean>;
  /** Called for a free store whose containers are missing or stopped though it should run. */
  onDown: (store: Store) => void;
}): () => Promise<void> {
  return async () => {
    // In this order: what is looked at has the containers of every store that is asked for.
    const stores = await deps.activeStores();
    const look = await deps.lookAtAll();
    for (const store of stores) {
      const looks = await look(store);
      const health = healthOf(looks);
      const detail = tellIll(looks);
      if (health !== store.health || detail !== store.healthDetail) await deps.record(store.id, health, detail);
      const gone = Object.values(looks).some(({ state }) => state === 'missing' || state === 'stopped');
      if (gone && (await deps.isFree(store.id))) deps.onDown(store);
    }
  };
}
