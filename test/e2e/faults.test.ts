import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerOf } from '../../src/domain/names.ts';
import { STEP_NAMES, type StepName } from '../../src/domain/run.ts';
import { pause, probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { tracesOf } from './world-snapshot.ts';

/** Two worker processes: one dies, the other (or its successor) goes on. */
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform(1, { WORKER_PROCESSES: '2', WORKER_CONCURRENCY: '4' });
});
afterAll(() => platform?.destroy());

/** Kills every worker as soon as the journal says that the step has begun (`kind` started) or is over. */
async function killWorkersAt(storeId: string, step: StepName, kind: 'started' | 'done' | 'undone'): Promise<void> {
  const { runs } = platform.adapters.repositories;
  const pids = await platform.workerPids();
  await probeUntil(
    async () => {
      const events = await runs.events(storeId, 0, 1000);
      return events.some((event) => event.step === step && event.kind === kind) ? true : undefined;
    },
    { signal: AbortSignal.timeout(2 * MINUTE), firstDelayMs: 2, maxDelayMs: 2 },
  );
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

async function answers(url: string): Promise<number> {
  return (await platform.visit(url)).status;
}

describe('a worker that is killed', () => {
  test.each(STEP_NAMES)('at %s: the store gets active without a hand', async (step) => {
    const store = await platform.createStore(`kill-${step}`, { wait: false });
    await killWorkersAt(store.id, step, 'started');

    const active = await platform.settled(store.id, ['active']);

    expect(active.run?.steps.map(({ status }) => status)).toEqual(STEP_NAMES.map(() => 'done'));
    expect(await answers(active.url)).toBe(200);
    const { admin } = (await platform.ok('store', 'credentials', store.id)) as { admin: { password: string } };
    expect(admin.password.length).toBeGreaterThan(15);

    // And backward: killed at the same step of the teardown, nothing stays.
    await platform.ok('store', 'delete', store.id, '--yes');
    await killWorkersAt(store.id, step, 'undone').catch(() => undefined);
    await platform.gone(store.id);
    expect(await tracesOf(platform, store)).toEqual({});
  });
});
