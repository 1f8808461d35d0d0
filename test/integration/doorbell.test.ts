import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDoorbell, listenToDoorbell, QUEUE_NAME } from '../../src/adapters/redis/doorbell.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { type RedisServer, startRedis } from '../services/redis.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** Whoever gets into Redis may ring with anything. */
const HOSTILE: readonly unknown[] = [
  {},
  { runId: 5 },
  { runId: null },
  { runId: { $ne: '' } },
  ['run_1'],
  'run_1',
  null,
];

test('whatever lies in the queue, only the id of a run reaches a worker, and the next bell is heard', async () => {
  const rung: string[] = [];
  const { host, port } = redis.connection;
  const queue = new Queue(QUEUE_NAME, { connection: { host, port } });
  const doorbell = createDoorbell(redis.connection);
  for (const data of HOSTILE) await queue.add('run', data);
  const listener = listenToDoorbell(redis.connection, {
    concurrency: 1,
    onRing: async (runId) => void rung.push(runId),
  });
  try {
    // The oldest is taken first: once the last one is heard, all before it were looked at.
    expect(await doorbell.ring('run_last')).toBe(true);
    await probeUntil(async () => (rung.includes('run_last') ? true : undefined), {
      ...{ signal: AbortSignal.timeout(MINUTE), firstDelayMs: 20, maxDelayMs: 200 },
    });

    expect(rung).toEqual(['run_last']);
  } finally {
    await listener.close();
    await doorbell.close();
    await queue.close();
  }
});
