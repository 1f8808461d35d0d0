import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { ANSWER_WITHIN_MS, impatient, patient, type RedisConnection } from './connection.ts';

/** The seed's name; kept, so that `queue` tools find it. */
export const QUEUE_NAME = 'provisioning';

/** Ids only: a payload is a reason to look, never something to act on. */
const Bell = z.object({ runId: z.string() });

export interface DoorbellCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

/**
 * The bell that tells workers to look into MySQL. Nothing is kept in Redis that is not in MySQL: when it is flushed,
 * wiped or away, the sweep finds the work a few seconds later.
 */
export function createDoorbell(connection: RedisConnection) {
  const client = new Redis(connection.port, connection.host, impatient(connection));
  client.on('error', () => undefined); // Seen through `ping`; a bell that cannot be rung is no failure.
  const queue = new Queue(QUEUE_NAME, { connection: client, skipVersionCheck: true });
  queue.on('error', () => undefined);
  /** BullMQ connects the client as soon as it has it: mostly there is only the end of that to wait for. */
  const connected = async (): Promise<void> => {
    if (client.status === 'ready') return;
    if (client.status === 'wait' || client.status === 'end') await client.connect();
    else await once(client, 'ready', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  };
  return {
    /** Rings for a run. Resolves to whether the bell could be rung; never throws, never takes longer than two seconds. */
    async ring(runId: string): Promise<boolean> {
      try {
        await connected();
        // Bells may ring twice: the lease decides who works. A repeated id would be ignored while an old job is kept.
        const jobId = `${runId}-${process.hrtime.bigint()}`;
        await queue.add('run', { runId } satisfies z.infer<typeof Bell>, {
          jobId,
          removeOnComplete: true,
          removeOnFail: true,
        });
        return true;
      } catch {
        return false;
      }
    },
    /** A quick look that never throws. */
    async isUp(): Promise<boolean> {
      try {
        await connected();
        return (await client.ping()) === 'PONG';
      } catch {
        return false;
      }
    },
    async ping(): Promise<{ appendOnly: boolean; evictionPolicy: string; version: string }> {
      await connected();
      const info = await client.info('server');
      const setting = async (name: string): Promise<string> => {
        const [, value] = await client.config('GET', name);
        return value ?? '';
      };
      return {
        appendOnly: (await setting('appendonly')) === 'yes',
        evictionPolicy: await setting('maxmemory-policy'),
        version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
      };
    },
    async counts(): Promise<DoorbellCounts> {
      await connected();
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
      return { waiting: counts['waiting'] ?? 0, active: counts['active'] ?? 0, delayed: counts['delayed'] ?? 0 };
    },
    async close(): Promise<void> {
      await queue.close().catch(() => undefined);
      client.disconnect();
    },
  };
}

export type Doorbell = ReturnType<typeof createDoorbell>;

/** Calls `onRing` for every bell until closed; reconnects by itself and is silent while Redis is away. */
export function listenToDoorbell(
  connection: RedisConnection,
  options: { concurrency: number; onRing: (runId: string) => Promise<void> },
): { close(): Promise<void> } {
  const client = new Redis(connection.port, connection.host, patient(connection));
  client.on('error', () => undefined);
  const worker = new Worker(
    QUEUE_NAME,
    async (job) => {
      const bell = Bell.safeParse(job.data);
      if (bell.success) await options.onRing(bell.data.runId);
    },
    {
      connection: client,
      concurrency: options.concurrency,
      skipVersionCheck: true,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', () => undefined);
  return {
    async close() {
      await worker.close(true).catch(() => undefined);
      client.disconnect();
    },
  };
}
