import { sql } from 'kysely';
import { expect } from 'vitest';
import { SECOND } from '../../src/lib/time.ts';
import type { TestDatabase } from './for-each-database.ts';

/** Until so many transactions wait for somebody's lock. */
export async function waitForLockWaits(database: TestDatabase, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const waiting = sql<{ trx_id: string }>`
          SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'
        `;
        return (await waiting.execute(database.as('admin').kysely)).rows.length;
      },
      // The server tells what it saw last to whoever asks again within 100 ms.
      { timeout: 20 * SECOND, interval: 250 },
    )
    .toBe(count);
}
