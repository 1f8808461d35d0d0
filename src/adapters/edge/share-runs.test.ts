import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { shareRuns } from './share-runs.ts';

const never = new AbortController().signal;

/** Runs that the test ends by hand. */
function aWork() {
  const runs: { signal: AbortSignal; end: (value: string) => void; fail: (error: Error) => void }[] = [];
  const work = shareRuns<string>(
    (signal) => new Promise((resolve, reject) => runs.push({ signal, end: resolve, fail: reject })),
  );
  return { runs, work };
}

it('calls that come during a run share the next one', async () => {
  const { runs, work } = aWork();
  const first = work(never);
  await setImmediate();
  const later = [work(never), work(never), work(never)];
  await setImmediate();
  expect(runs).toHaveLength(1);

  runs[0]?.end('one');
  expect(await first).toBe('one');
  await setImmediate();
  runs[1]?.end('two');

  expect(await Promise.all(later)).toEqual(['two', 'two', 'two']);
  expect(runs).toHaveLength(2);
});

it('a run that fails fails its own callers only', async () => {
  const { runs, work } = aWork();
  const first = work(never);
  await setImmediate();
  const second = work(never);
  runs[0]?.fail(new Error('refused'));

  await expect(first).rejects.toThrow('refused');
  await setImmediate();
  runs[1]?.end('two');
  expect(await second).toBe('two');
});

it('who gives up stops waiting; the run goes on for the others and ends when nobody is left', async () => {
  const { runs, work } = aWork();
  const [impatient, patient] = [new AbortController(), new AbortController()];
  const one = work(impatient.signal);
  const two = work(patient.signal);
  await setImmediate();

  impatient.abort(new Error('too slow'));
  await expect(one).rejects.toThrow('too slow');
  expect(runs[0]?.signal.aborted).toBe(false);

  patient.abort(new Error('me too'));
  await expect(two).rejects.toThrow('me too');
  expect(runs[0]?.signal.aborted).toBe(true);
});

it('a run that everybody gave up before it began never begins, and the next caller gets a fresh one', async () => {
  const { runs, work } = aWork();
  const first = work(never);
  await setImmediate();
  const waiting = new AbortController();
  const given = work(waiting.signal);
  waiting.abort(new Error('never mind'));
  await expect(given).rejects.toThrow('never mind');
  const fresh = work(never);

  runs[0]?.end('one');
  await first;
  await setImmediate();
  runs[1]?.end('fresh');

  expect(await fresh).toBe('fresh');
  expect(runs).toHaveLength(2);
});
