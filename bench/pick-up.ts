import { originOfOperator } from '../src/domain/origin.ts';
import { pause, probeUntil } from '../src/lib/deadline.ts';
import { MINUTE } from '../src/lib/time.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import type { Closer } from './front-door/close-all.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { percentile } from './harness/measure.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';

const OURS = 'ours';
const WISHES_PER_ROUND = 100;
const DONE_WITHIN_MS = MINUTE;
/** Also before the first look, when the worker has long had it: looking is not to be in its way. */
const LOOK_AGAIN_MS = 100;

export const benchmark: Benchmark = {
  title: 'From the accepted wish, its row committed, to the first step of the worker that has claimed it.',
  unit: 'ms',
  rounds: 3,
  warmUps: 1,
  reference: OURS,
  partsTitle: 'How long all but the slowest wait',
  notes: [
    `${WISHES_PER_ROUND} wishes a round, one after the other, each for another title of one running shop, on real MySQL and Redis, with a worker that has nothing else to do.`,
    'The clock starts when the transaction with the wish has been committed, before the bell is rung; it ends with the time that the worker notes as the start of the first step, after its lease has been committed. Both are whole milliseconds of one machine’s clock.',
    'What the work itself takes is not in it.',
  ],
  open: (context) => openOnPlatform(context, openCases, { LOG_LEVEL: 'warn' }),
};

async function openCases(
  platform: TestPlatform,
  { say, signal }: BenchContext,
  _closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  say('making a store');
  const { id } = await platform.createStore('tea-house');
  return {
    cases: {
      [OURS]: async () => {
        const waits: number[] = [];
        while (waits.length < WISHES_PER_ROUND) {
          signal.throwIfAborted();
          waits.push(await pickUp(platform, id, `Tea house ${waits.length}`));
        }
        const parts = { p50: percentile(waits, 50), p99: percentile(waits, 99), longest: Math.max(...waits) };
        const [first, ...others] = waits.map((total): Sample => ({ total }));
        return first === undefined ? [] : [{ ...first, parts }, ...others];
      },
    },
  };
}

/** Milliseconds until a worker had it; resolves when the wish has been done. */
async function pickUp({ adapters }: TestPlatform, storeId: string, title: string): Promise<number> {
  const { changes, runs } = adapters.repositories;
  const wish = { storeId, kind: 'configure', by: 'operator', input: { title }, now: new Date() } as const;
  const runId = await changes.request({ ...wish, ...originOfOperator('bench') });
  const acceptedAt = Date.now();
  await adapters.doorbell.ring(runId);
  await pause(LOOK_AGAIN_MS);
  const startedAt = await probeUntil(
    async () => {
      const { status, steps, error } = await runs.get(runId);
      if (status === 'failed') throw new Error(`The wish was not done: ${error?.message}`);
      return status === 'done' ? steps[0]?.startedAt : undefined;
    },
    { signal: AbortSignal.timeout(DONE_WITHIN_MS), firstDelayMs: LOOK_AGAIN_MS, maxDelayMs: LOOK_AGAIN_MS },
  );
  if (startedAt === null) throw new Error('The first step has no beginning.');
  return startedAt.getTime() - acceptedAt;
}
