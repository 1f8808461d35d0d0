import { expect, test } from 'vitest';
import { aRun, aStore } from '../../test/fakes/fake-world.ts';
import type { Lease } from '../domain/run.ts';
import { keepWithinBounds } from './keep-within-bounds.ts';
import type { Step } from './step.ts';

const BOUNDS = {
  ports: { start: 8001, end: 8010, max: 8999, reserved: [] },
  subnets: '10.210.0.0/16',
  uids: { start: 200_000, end: 265_535 },
  baseDomain: 'localhost',
};
const lease: Lease = { storeId: 'sto_1', runId: 'run_1', owner: 'worker', fence: 1 };
const run = aRun(() => 'waiting');
const context = { signal: new AbortController().signal, lease, run, log: () => undefined };

function aGuardedStep() {
  const acts: string[] = [];
  const step: Step = {
    name: 'create-directory',
    title: 'Folders',
    deadlineMs: 1000,
    retry: { attempts: 1, backoffMs: 1 },
    ensure: async () => void acts.push('ensured'),
    undo: async () => void acts.push('undone'),
  };
  const [guarded = step] = keepWithinBounds([step], BOUNDS);
  return { guarded, acts };
}

test('a step acts on a store that is one of ours', async () => {
  const { guarded, acts } = aGuardedStep();

  await guarded.ensure(aStore(), context);
  await guarded.undo?.(aStore({ status: 'deleting' }), context);

  expect(acts).toEqual(['ensured', 'undone']);
});

test('a row that says root is refused before anything is done, and can still be deleted', async () => {
  const { guarded, acts } = aGuardedStep();

  await expect(guarded.ensure(aStore({ uid: 0 }), context)).rejects.toMatchObject({ code: 'store_out_of_bounds' });
  expect(acts).toEqual([]);

  await guarded.undo?.(aStore({ uid: 0, status: 'deleting' }), context);
  expect(acts).toEqual(['undone']);
});

test('nothing is undone of a store whose deletion nobody requested, nor under an id that is a path', async () => {
  const { guarded, acts } = aGuardedStep();

  await expect(guarded.undo?.(aStore({ status: 'active' }), context)).rejects.toMatchObject({
    code: 'not_allowed_now',
  });
  await expect(guarded.undo?.(aStore({ id: '.', status: 'deleting' }), context)).rejects.toMatchObject({
    code: 'store_out_of_bounds',
  });

  expect(acts).toEqual([]);
});
