import { expect, test } from 'vitest';
import type { RunView, StoreView } from '../../../stores/present-store.ts';
import { isHeldBack } from './changes.ts';

const deletion = { previousStatus: 'active', at: '2026-01-01', dueAt: '2026-01-08' } as const;
const aRun = (changes: Partial<RunView>): RunView => ({
  id: 'run_1',
  kind: 'undo-delete',
  status: 'failed',
  attempt: 1,
  error: null,
  step: null,
  steps: [],
  ...changes,
});

test('only a store whose owner wanted it back in vain is held back from its deletion', () => {
  const stores: readonly Pick<StoreView, 'run' | 'deletion'>[] = [
    { deletion, run: aRun({}) },
    { deletion, run: aRun({ status: 'running' }) },
    { deletion, run: aRun({ kind: 'schedule-delete' }) },
    { deletion, run: null },
    { run: aRun({}) },
  ];

  expect(stores.map(isHeldBack)).toEqual([true, false, false, false, false]);
});
