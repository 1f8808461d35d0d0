import type { RedisOptions } from 'ioredis';
import { SECOND } from '../../lib/time.ts';

export interface RedisConnection {
  readonly host: string;
  readonly port: number;
  readonly password?: string | undefined;
}

/** Whoever asks an impatient client waits no longer. */
export const ANSWER_WITHIN_MS = 2 * SECOND;
const RETRY_EVERY_MS = 500;

/** Options for a client that reports a dead Redis at once instead of queueing calls for ever. */
export function impatient(connection: RedisConnection): Omit<RedisOptions, 'replyMapping'> {
  return {
    ...(connection.password === undefined ? {} : { password: connection.password }),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: ANSWER_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    retryStrategy: () => RETRY_EVERY_MS,
    lazyConnect: true,
  };
}

/** Options for a client that waits for bells: BullMQ blocks on it, so no command has a time limit. */
export function patient(connection: RedisConnection): Omit<RedisOptions, 'replyMapping'> {
  return {
    ...(connection.password === undefined ? {} : { password: connection.password }),
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_EVERY_MS,
  };
}
