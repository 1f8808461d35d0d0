import { type Database, migrationStatus } from '../adapters/mysql/index.ts';
import type { Doorbell } from '../adapters/redis/doorbell.ts';
import { SECOND } from '../lib/time.ts';
import type { Health } from '../web/server/api.ts';

const LOOK_WITHIN_MS = 3 * SECOND;

/** Whether this process can do its work: not without MySQL and its schema; without Redis all goes on, a little later. */
export function createHealth(database: Database, doorbell: Pick<Doorbell, 'isUp'>): () => Promise<Health> {
  return async () => {
    const [mysql, redis] = await Promise.all([lookAtMysql(database), doorbell.isUp()]);
    const parts = { mysql, redis: redis ? 'up' : 'down' } as const;
    return { status: mysql !== 'up' ? 'down' : redis ? 'ok' : 'degraded', parts };
  };
}

async function lookAtMysql(database: Database): Promise<'up' | 'down' | 'outdated'> {
  try {
    await database.ping(AbortSignal.timeout(LOOK_WITHIN_MS));
    return (await migrationStatus(database)).upToDate ? 'up' : 'outdated';
  } catch {
    return 'down';
  }
}
