import { expect, test } from 'vitest';
import { createDiskRound } from './measure-disks.ts';

const roundOf = (measure: (id: string) => Promise<void>, stopping = new AbortController().signal) => {
  const failed: string[] = [];
  const round = createDiskRound({
    stores: async () => [{ id: 'sto_first' }, { id: 'sto_gone' }, { id: 'sto_last' }],
    measure: ({ id }) => measure(id),
    onError: (id) => void failed.push(id),
    stopping,
  });
  return { round, failed };
};

test('a store that is deleted while it is measured does not keep the others from being measured', async () => {
  const measured: string[] = [];
  const { round, failed } = roundOf(async (id) => {
    if (id === 'sto_gone') throw new Error('There is no such store.');
    measured.push(id);
  });

  await round();

  expect(measured).toEqual(['sto_first', 'sto_last']);
  expect(failed).toEqual(['sto_gone']);
});

test('a worker that stops measures no further store', async () => {
  const stopping = new AbortController();
  const measured: string[] = [];
  const { round } = roundOf(async (id) => {
    measured.push(id);
    stopping.abort();
  }, stopping.signal);

  await expect(round()).rejects.toMatchObject({ name: 'AbortError' });

  expect(measured).toEqual(['sto_first']);
});
