import { createConnection } from 'mysql2/promise';
import { AppError } from '../../domain/errors.ts';
import { pause } from '../../lib/deadline.ts';
import { connectionOptions, type DatabaseAddress } from './connection-options.ts';
import { translateDatabaseError } from './database-errors.ts';

const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 250;

/**
 * Returns once the server lets that user in and answers a query. Throws `database_unavailable` with the last reason when
 * `signal` aborts first.
 */
export async function waitForDatabase(address: DatabaseAddress, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let reason: unknown;
  for (;;) {
    try {
      signal.throwIfAborted();
      return await askOnce(address);
    } catch (thrown) {
      if (signal.aborted) throw gaveUp(address, reason ?? thrown);
      reason = thrown;
    }
    await pause(pauseMs, signal).catch(() => {
      throw gaveUp(address, reason);
    });
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
  }
}

async function askOnce(address: DatabaseAddress): Promise<void> {
  const connection = await createConnection(connectionOptions(address));
  try {
    await connection.query('SELECT 1');
  } finally {
    connection.destroy();
  }
}

function gaveUp({ host, port }: DatabaseAddress, reason: unknown): AppError {
  const translated = translateDatabaseError(reason);
  if (translated instanceof AppError) return translated;
  return new AppError('database_unavailable', `The database at ${host}:${port} did not answer in time.`, {
    cause: reason,
    retryable: true,
    hint: 'Check that it runs, and DB_HOST and DB_PORT.',
  });
}
