import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { SECOND } from '../../lib/time.ts';
import { impatient, type RedisConnection } from './connection.ts';

/** So many in so long a time. */
export interface Bucket {
  readonly points: number;
  readonly durationMs: number;
}

const PREFIX = 'limit';
/** A Redis that hangs must not make every log-in hang with it: a count is not worth waiting for. */
const COUNT_WITHIN_MS = SECOND / 2;
/** Parts in which that time is waited. */
const LOOKS = 10;

/**
 * Counts of what may happen so often only. They are in Redis, so they survive a restart and all web processes share them;
 * while Redis is away each process counts for itself, so nobody is let through and nobody is kept out for that.
 */
export function createRateLimits<Name extends string>(
  connection: RedisConnection,
  buckets: Readonly<Record<Name, Bucket>>,
) {
  const client = new Redis(connection.port, connection.host, impatient(connection));
  client.on('error', () => undefined); // Told by the doorbell's ping; here the counts go on in memory.
  const connected = client.connect().catch(() => undefined); // Or not: then the first counts are in memory at once.
  const limiters = new Map<string, { shared: RateLimiterRedis; own: RateLimiterMemory }>();
  for (const [name, { points, durationMs }] of Object.entries<Bucket>(buckets)) {
    const options = { keyPrefix: `${PREFIX}:${name}`, points, duration: durationMs / SECOND };
    limiters.set(name, {
      shared: new RateLimiterRedis({ ...options, storeClient: client, rejectIfRedisNotReady: true }),
      own: new RateLimiterMemory(options),
    });
  }
  /** What Redis says to it, or what this process counted itself when Redis says nothing. */
  async function count<T>(name: Name, act: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<T>): Promise<T> {
    await connected;
    const limiter = limiters.get(name);
    if (limiter === undefined) throw new Error(`There is no bucket ${name}.`);
    try {
      return await beforePatienceEnds(act(limiter.shared));
    } catch (thrown) {
      if (thrown instanceof RateLimiterRes) throw thrown; // Redis said no.
      return act(limiter.own);
    }
  }
  return {
    /**
     * Takes one. `taken` includes it; when `isAllowed` is false it is too many, until `retryAfterMs` have passed. All of
     * them are to be had again after `resetMs`.
     */
    async take(
      bucket: Name,
      key: string,
    ): Promise<{ isAllowed: boolean; taken: number; retryAfterMs: number; resetMs: number }> {
      try {
        const { consumedPoints, msBeforeNext } = await count(bucket, (limiter) => limiter.consume(keyOf(key)));
        return { isAllowed: true, taken: consumedPoints, retryAfterMs: 0, resetMs: msBeforeNext };
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        const retryAfterMs = Math.max(1, thrown.msBeforeNext);
        return { isAllowed: false, taken: thrown.consumedPoints, retryAfterMs, resetMs: retryAfterMs };
      }
    },

    /** One that was taken does not count after all. What was taken before the time was over is nobody's gain in the next. */
    async giveBack(bucket: Name, key: string): Promise<void> {
      await count(bucket, async (limiter) => {
        const taken = await limiter.get(keyOf(key));
        if (taken !== null && taken.consumedPoints > 0) await limiter.reward(keyOf(key), 1);
      });
    },

    /** None of them counts any more. */
    async clear(bucket: Name, key: string): Promise<void> {
      await count(bucket, (limiter) => limiter.delete(keyOf(key)));
    },

    close(): void {
      client.disconnect();
    },
  };
}

/**
 * Rejects after `COUNT_WITHIN_MS`, not counting what this process was busy with something else: a timer that rings late
 * rings before the answer that lay there all the while is read, and whoever was locked out would be let in for that.
 */
async function beforePatienceEnds<T>(answer: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const tooLong = async (): Promise<never> => {
    for (let look = 0; look < LOOKS; look += 1) {
      await sleep(COUNT_WITHIN_MS / LOOKS, undefined, { signal: settled.signal });
    }
    throw new Error('Redis did not count in time.');
  };
  try {
    return await Promise.race([answer, tooLong()]);
  } finally {
    settled.abort();
  }
}

/** Whose key it is need not be known to whoever reads Redis, and no text of a visitor becomes part of a name there. */
function keyOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
