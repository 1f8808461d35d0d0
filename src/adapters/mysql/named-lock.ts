import { createHash } from 'node:crypto';
import type { ConnectionOptions } from 'mysql2';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { AppError } from '../../domain/errors.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { translateDatabaseError } from './database-errors.ts';

export interface NamedLockRequest {
  readonly name: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Asked in slices, so that an abort does not have to wait for the server. */
const SLICE_SECONDS = 1;
/** While `fn` runs the connection says something now and then, so that a lost lock is noticed. */
const PING_EVERY_MS = 5 * SECOND;
const IDLE_SECONDS = (10 * MINUTE) / SECOND;

/** See `Database.withLock`. */
export async function holdNamedLock<T>(
  options: ConnectionOptions,
  request: NamedLockRequest,
  fn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  request.signal.throwIfAborted();
  const connection = await connect(options);
  const lost = new AbortController();
  connection.on('error', (error) => lost.abort(translateDatabaseError(error)));
  const heartbeat = setInterval(() => {
    connection.ping().catch((error: unknown) => lost.abort(translateDatabaseError(error)));
  }, PING_EVERY_MS);
  try {
    await takeLock(connection, request);
    return await fn(AbortSignal.any([request.signal, lost.signal]));
  } finally {
    clearInterval(heartbeat);
    // Ending the session frees the lock; destroying the socket does so even when the server does not answer.
    connection.destroy();
  }
}

async function connect(options: ConnectionOptions): Promise<Connection> {
  try {
    const connection = await createConnection(options);
    await connection.query(`SET SESSION wait_timeout = ${IDLE_SECONDS}`);
    return connection;
  } catch (thrown) {
    throw translateDatabaseError(thrown);
  }
}

async function takeLock(connection: Connection, { name, waitMs, signal }: NamedLockRequest): Promise<void> {
  const until = performance.now() + waitMs;
  const lockName = createHash('sha256').update(name).digest('hex').slice(0, 40);
  do {
    signal.throwIfAborted();
    const seconds = Math.max(0, Math.min(SLICE_SECONDS, Math.ceil((until - performance.now()) / SECOND)));
    if (await tryLock(connection, lockName, seconds)) return;
  } while (performance.now() < until);
  throw new AppError('already_running', `Somebody else holds the lock ${name}.`, {
    retryable: true,
    hint: 'Wait until the other process is done, then try again.',
  });
}

async function tryLock(connection: Connection, lockName: string, seconds: number): Promise<boolean> {
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS taken', [lockName, seconds]);
    return rows[0]?.['taken'] === 1;
  } catch (thrown) {
    throw translateDatabaseError(thrown);
  }
}
