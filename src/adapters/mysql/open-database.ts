import { Kysely, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import type { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { connectionOptions, type DatabaseAddress, SESSION_SETTINGS } from './connection-options.ts';
import { tooSlow, translateDatabaseError } from './database-errors.ts';
import { holdNamedLock } from './named-lock.ts';
import type { Schema } from './schema.ts';

export interface DatabaseOptions extends DatabaseAddress {
  readonly database: string;
  readonly poolSize: number;
  /** How long a call waits for one of the pool's connections. Default: for as long as it takes. */
  readonly acquireWithinMs?: number;
  /** How many calls may wait at once for a connection; others are refused at once. Default: any number. */
  readonly queueLimit?: number;
  /** How long a statement may take. Default: 20 s. */
  readonly queryWithinMs?: number;
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
const QUERY_WITHIN_MS = 20 * SECOND;
/** Changing the schema, or waiting for somebody else who does, takes as long as it takes. */
const MAY_TAKE_LONG = /^\s*(?:create|alter|drop|select get_lock)\b/i;

/**
 * A pool that connects when first used. Whatever the server's absence or slowness breaks is a retryable
 * `database_unavailable`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = createPool({
    ...connectionOptions(options),
    connectionLimit: options.poolSize,
    waitForConnections: true,
    queueLimit: options.queueLimit ?? 0, // 0: none.
  });
  pool.on('connection', (connection) => {
    // Queued before the first query of whoever opened it; a failure here breaks that query as well.
    for (const statement of SESSION_SETTINGS) connection.query(statement, () => undefined);
  });
  const kysely = new Kysely<Schema>({ dialect: new MysqlDialect({ pool: translatingPool(pool, options) }) });
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

function translatingPool(pool: Pool, options: DatabaseOptions): MysqlPool {
  const wrapped = new WeakMap<PoolConnection, MysqlPoolConnection>();
  const { acquireWithinMs, queryWithinMs = QUERY_WITHIN_MS } = options;
  return {
    getConnection(callback) {
      const answer = onceWithin(acquireWithinMs, callback, () =>
        tooSlow(`No connection to the database was free within ${acquireWithinMs} ms.`),
      );
      pool.getConnection((error, connection) => {
        if (error) return void answer(notConnected(error), undefined as never);
        const known = wrapped.get(connection) ?? translatingConnection(connection, queryWithinMs);
        wrapped.set(connection, known);
        // Whoever asked has gone: the next one may have it.
        if (!answer(undefined, known)) connection.release();
      });
    },
    end: (callback) => pool.end(callback),
  };
}

function translatingConnection(connection: PoolConnection, queryWithinMs: number): MysqlPoolConnection {
  return {
    query(sql: string, values: unknown[], callback?: (error: unknown, result: never) => void) {
      const withinMs = MAY_TAKE_LONG.test(sql) ? undefined : queryWithinMs;
      const answer = onceWithin<never>(
        withinMs,
        (error, result) => callback?.(error ?? null, result),
        () => {
          // A server that hangs may still answer one day: never let that answer meet somebody else's question.
          connection.destroy();
          return tooSlow(`The database has not answered within ${queryWithinMs} ms.`);
        },
      );
      connection.query({ sql, values }, (error: unknown, result: unknown) => {
        answer(error ? translateDatabaseError(error) : undefined, result as never);
      });
      return undefined as never;
    },
    release: () => connection.release(),
  };
}

/** The pool's own refusals (its queue is full, it was closed) carry no code. */
function notConnected(thrown: Error): unknown {
  const translated = translateDatabaseError(thrown);
  return translated === thrown ? tooSlow(`No connection to the database: ${thrown.message}`) : translated;
}

/**
 * Calls `callback` once: with what the returned function is given, or after so long with the error that `onLate` makes.
 * The returned function tells whether it came in time.
 */
function onceWithin<T>(
  withinMs: number | undefined,
  callback: (error: unknown, result: T) => void,
  onLate: () => AppError,
): (error: unknown, result: T) => boolean {
  let isAnswered = false;
  const answer = (error: unknown, result: T): boolean => {
    if (isAnswered) return false;
    isAnswered = true;
    clearTimeout(limit);
    callback(error, result);
    return true;
  };
  const late = (): void => void answer(onLate(), undefined as never);
  const limit = withinMs === undefined ? undefined : setTimeout(late, withinMs);
  return answer;
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
