import { operatorName } from '../adapters/process/operator-name.ts';
import type { AccessActions, DatabaseAccessView } from '../cli/access-actions.ts';
import { originOfOperator } from '../domain/origin.ts';
import { MINUTE } from '../lib/time.ts';
import type { Adapters } from './adapters.ts';
import { adminLinksOf } from './admin-links.ts';
import { databaseOpeningsOf } from './database-openings.ts';

const WITHIN_MS = MINUTE;

/** `shopctl store open-admin` and `store database` */
export function createAccessActions(open: () => Adapters): AccessActions {
  const operator = () => originOfOperator(operatorName());
  const within = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
  async function show(storeId: string): Promise<DatabaseAccessView> {
    const { config, repositories } = open();
    const until = await repositories.databaseOpenings.openUntil(storeId, new Date());
    const page = new URL(`stores/${storeId}/access`, config.publicUrl).href;
    return { storeId, openUntil: until?.toISOString() ?? null, page };
  }
  return {
    async openAdmin({ storeId, signal }) {
      const adapters = open();
      const store = await adapters.repositories.stores.get(storeId);
      // Root of this machine needs nobody's second factor: it rules the container that asks for it.
      return adminLinksOf(adapters).issue(store, { origin: operator(), proven: true }, within(signal));
    },
    readDatabaseAccess: async (storeId) => show((await open().repositories.stores.get(storeId)).id),
    async closeDatabase({ storeId, signal }) {
      const adapters = open();
      const store = await adapters.repositories.stores.get(storeId);
      // Nothing is opened and no round is made here, so nothing of that can fail.
      const never = { notCleared: () => undefined, notMade: () => undefined };
      await databaseOpeningsOf(adapters, never).close(store, operator(), within(signal));
      return show(storeId);
    },
  };
}
