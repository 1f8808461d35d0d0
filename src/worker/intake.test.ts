import { expect, test } from 'vitest';
import { createIntake } from './intake.ts';

function bench(concurrency: number) {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const intake = createIntake({
    concurrency,
    perform: (runId) =>
      new Promise((resolve) => {
        started.push(runId);
        finish.set(runId, () => resolve('done'));
      }),
    onError: () => undefined,
  });
  return { started, finish, intake };
}

test('a run that is in hand is not taken twice, and never more at once than allowed', () => {
  const { intake, started } = bench(2);
  for (const runId of ['a', 'a', 'b', 'c']) void intake.take(runId);
  expect(started).toEqual(['a', 'b']);
});

test('a place that gets free is used again', async () => {
  const { intake, started, finish } = bench(1);
  const first = intake.take('a');
  finish.get('a')?.();
  await first;
  void intake.take('b');
  expect(started).toEqual(['a', 'b']);
});

test('draining waits for what is in hand and takes nothing more', async () => {
  const { intake, started, finish } = bench(2);
  void intake.take('a');
  let drained = false;
  const draining = intake.drain().then(() => (drained = true));
  void intake.take('b');
  expect(drained).toBe(false);
  finish.get('a')?.();
  await draining;
  expect(started).toEqual(['a']);
});

test('a run that throws is reported and frees its place', async () => {
  const reported: string[] = [];
  const intake = createIntake({
    concurrency: 1,
    perform: () => Promise.reject(new Error('no')),
    onError: (runId) => void reported.push(runId),
  });
  await intake.take('a');
  expect(reported).toEqual(['a']);
  expect(intake.size).toBe(0);
});
