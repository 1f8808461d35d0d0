import { Kysely, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import { SECOND } from '../../lib/time.ts';
import { connectionOptions, type DatabaseAddress, SESSION_SETTINGS } from './connection-options.ts';
import { isQueryTimeout, translateDatabaseError } from './database-errors.ts';
import { holdNamedLock } from './named-lock.ts';
import type { Schema } from './schema.ts';

export interface DatabaseOptions extends DatabaseAddress {
  readonly database: string;
  readonly poolSize: number;
}

export interface Database {
  readonly kysely: Kysely<Schema>;
  /** Answers as soon as the database does; throws `database_unavailable` otherwise. */
  ping(signal: AbortSignal): Promise<void>;
  /** Ends every connection; afterwards nothing here may be called any more. */
  close(): Promise<void>;
  /**
   * Runs `fn` while holding the server's named lock, which at most one process of this database holds. The lock lives
   * on a connection of its own: it ends with us, however we end; should it be lost meanwhile, `fn`'s signal aborts.
   * Throws `already_running` when somebody else still holds it after `waitMs`.
   */
  withLock<T>(name: string, waitMs: number, signal: AbortSignal, fn: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** A server that hangs keeps its connections open; without this, whoever asks it would hang with it. */
const QUERY_TIMEOUT_MS = 20 * SECOND;
/** Changing the schema, or waiting for somebody else who does, takes as long as it takes. */
const MAY_TAKE_LONG = /^\s*(?:create|alter|drop|select get_lock)\b/i;

/** A pool that connects when first used. Whatever the server's absence breaks is a retryable `database_unavailable`. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = createPool({
    ...connectionOptions(options),
    connectionLimit: options.poolSize,
    waitForConnections: true,
  });
  pool.on('connection', (connection) => {
    // Queued before the first query of whoever opened it; a failure here breaks that query as well.
    for (const statement of SESSION_SETTINGS) connection.query(statement, () => undefined);
  });
  const kysely = new Kysely<Schema>({ dialect: new MysqlDialect({ pool: translatingPool(pool) }) });
  return {
    kysely,
    async ping(signal) {
      signal.throwIfAborted();
      await Promise.race([kysely.selectNoFrom((eb) => eb.lit(1).as('one')).execute(), rejectOnAbort(signal)]);
    },
    close: () => kysely.destroy(),
    withLock: (name, waitMs, signal, fn) =>
      holdNamedLock({ ...connectionOptions(options) }, { name: `${options.database}/${name}`, waitMs, signal }, fn),
  };
}

function translatingPool(pool: Pool): MysqlPool {
  const wrapped = new WeakMap<PoolConnection, MysqlPoolConnection>();
  return {
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error) return callback(translateDatabaseError(error), undefined as never);
        const known = wrapped.get(connection) ?? translatingConnection(connection);
        wrapped.set(connection, known);
        callback(undefined, known);
      });
    },
    end: (callback) => pool.end(callback),
  };
}

function translatingConnection(connection: PoolConnection): MysqlPoolConnection {
  return {
    query(sql: string, values: unknown[], callback?: (error: unknown, result: never) => void) {
      const timeout = MAY_TAKE_LONG.test(sql) ? {} : { timeout: QUERY_TIMEOUT_MS };
      connection.query({ sql, values, ...timeout }, (error: unknown, result: unknown) => {
        // A server that hangs may still answer one day: never let that answer meet somebody else's question.
        if (isQueryTimeout(error)) connection.destroy();
        callback?.(error ? translateDatabaseError(error) : null, result as never);
      });
      return undefined as never;
    },
    release: () => connection.release(),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
