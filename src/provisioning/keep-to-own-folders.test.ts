import { expect, it } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { AppError } from '../domain/errors.ts';
import { keepToOwnFolders } from './keep-to-own-folders.ts';
import type { Step, StepContext } from './step.ts';

it('neither does nor undoes anything for a store whose folder is another order’s', async () => {
  const did: string[] = [];
  const step = {
    ensure: async () => void did.push('done'),
    undo: async () => void did.push('undone'),
  } as unknown as Step;
  const [kept] = keepToOwnFolders([step], async ({ id }) => {
    if (id === 'sto_others') throw new AppError('store_out_of_bounds', 'It is of another order.');
    return id === 'sto_marked';
  });
  const others = aStore({ id: 'sto_others' });
  const context = {} as StepContext;

  await expect(kept?.ensure(others, context)).rejects.toMatchObject({ code: 'store_out_of_bounds' });
  await expect(kept?.undo?.(others, context)).rejects.toMatchObject({ code: 'store_out_of_bounds' });
  expect(did).toEqual([]);

  for (const id of ['sto_marked', 'sto_not_marked_yet']) {
    await kept?.ensure(aStore({ id }), context);
    await kept?.undo?.(aStore({ id }), context);
  }
  expect(did).toEqual(['done', 'undone', 'done', 'undone']);
});
