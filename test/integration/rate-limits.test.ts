import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRateLimits } from '../../src/adapters/redis/rate-limits.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { type RedisServer, startRedis } from '../services/redis.ts';

const BUCKETS = { tries: { points: 3, durationMs: MINUTE }, others: { points: 3, durationMs: MINUTE } };

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let opened: { close(): void }[] = [];
afterEach(() => {
  for (const limits of opened) limits.close();
  opened = [];
});
function open() {
  const limits = createRateLimits(redis.connection, BUCKETS);
  opened.push(limits);
  return limits;
}
type Limits = ReturnType<typeof open>;
const takeMany = async (limits: Limits, key: string, count: number): Promise<boolean[]> =>
  (await Promise.all(Array.from({ length: count }, () => limits.take('tries', key)))).map(({ isAllowed }) => isAllowed);

describe('a bucket', () => {
  it('gives what is in it, however many ask at once, and says when there will be more', async () => {
    const limits = open();

    expect((await takeMany(limits, 'a', 10)).filter(Boolean)).toHaveLength(3);

    const refused = await limits.take('tries', 'a');
    expect(refused).toMatchObject({ isAllowed: false, taken: 11 });
    expect(refused.retryAfterMs).toBeGreaterThan(MINUTE / 2);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(MINUTE);
  });

  it('is one per key and per name', async () => {
    const limits = open();
    await takeMany(limits, 'b', 5);

    expect(await takeMany(limits, 'c', 1)).toEqual([true]);
    expect(await limits.take('others', 'b')).toMatchObject({ isAllowed: true, taken: 1 });
  });

  it('takes back what was given, and forgets when told to', async () => {
    const limits = open();
    await takeMany(limits, 'd', 3);

    await limits.giveBack('tries', 'd');
    expect(await takeMany(limits, 'd', 2)).toEqual([true, false]);

    await limits.clear('tries', 'd');
    expect(await takeMany(limits, 'd', 3)).toEqual([true, true, true]);
  });

  it('takes nothing back that was never taken', async () => {
    const limits = open();
    for (let time = 1; time <= 3; time += 1) await limits.giveBack('tries', 'never');

    expect(await takeMany(limits, 'never', 4)).toEqual([true, true, true, false]);
  });

  it('is the same one for every process, and after a restart of ours', async () => {
    await takeMany(open(), 'e', 2);

    expect(await takeMany(open(), 'e', 2)).toEqual([true, false]);
  });

  it('is not forgotten while the process that asks is busy with something else', async () => {
    await takeMany(open(), 'busy', 3);
    const started = open();
    await takeMany(started, 'another', 1);
    const answers = takeMany(started, 'busy', 1);
    await new Promise(setImmediate);
    for (const until = Date.now() + 1.5 * SECOND; Date.now() < until; );

    expect(await answers).toEqual([false]);
  });

  it('takes any text as its key', async () => {
    const limits = open();
    for (const key of ['', ' ', 'a\r\nFLUSHALL\r\n', '🛒'.repeat(10_000), '\u0000']) {
      expect(await takeMany(limits, key, 1)).toEqual([true]);
    }
    expect(await takeMany(limits, 'e', 1)).toEqual([false]);
  });
});

describe('while Redis is away', () => {
  it('hung: counts go on in memory, and end as they should', async () => {
    const limits = open();
    await takeMany(limits, 'f', 1);
    await redis.freeze();
    try {
      expect((await takeMany(limits, 'f', 10)).filter(Boolean)).toHaveLength(3);
    } finally {
      await redis.thaw();
    }
  });

  it('never there: counts are in memory from the beginning', async () => {
    const limits = createRateLimits({ host: '127.0.0.1', port: 1 }, BUCKETS);
    opened.push(limits);

    expect((await takeMany(limits, 'g', 10)).filter(Boolean)).toHaveLength(3);
    await limits.clear('tries', 'g');
    await limits.giveBack('tries', 'h');
    expect(await takeMany(limits, 'g', 1)).toEqual([true]);
  });
});
