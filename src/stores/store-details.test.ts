import { describe, expect, test } from 'vitest';
import { aRun, aStore } from '../../test/fakes/fake-world.ts';
import { type Run, STEP_NAMES } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { createStoreDetails } from './store-details.ts';

const USUAL = Object.fromEntries(STEP_NAMES.map((step) => [step, 1000]));
const ERROR = {
  code: 'disk_full',
  message: 'ENOSPC on /dev/vda',
  hint: 'df',
  step: 'start-containers',
  retryable: true,
} as const;

function details(store: Partial<Store>, run: Partial<Run> = {}, { before = 0, lanes = 4 } = {}) {
  const known = aStore(store);
  const get = createStoreDetails({
    stores: {
      find: async ({ id, customerId }) => (id === known.id && customerId === known.customerId ? known : undefined),
    },
    runs: {
      latest: async () => ({ ...aRun(() => 'waiting'), ...run }),
      lastEventId: async () => 17,
      countBefore: async () => before,
    },
    kept: async () => ({ unavailable: {}, closed: null, lanes, usual: { wordpress: USUAL }, writtenAt: 0 }),
    present: ({ id }) => ({ id }) as never,
    now: () => new Date(0),
  });
  return get(known.customerId, known.id);
}

describe('the page of a store', () => {
  test('is for its owner alone', async () => {
    const get = createStoreDetails({ stores: { find: async () => undefined } } as never);
    await expect(get('cus_other', 'sto_1')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('tells who waits before it, and for how long by the lanes there are', async () => {
    expect((await details({}, { status: 'queued' }, { before: 8 })).queue).toEqual({ position: 9, waitMs: 30_000 });
    expect((await details({}, { status: 'queued' }, { lanes: 0 })).queue).toEqual({ position: 1, waitMs: null });
    expect((await details({}, { status: 'running' })).queue).toBeNull();
  });

  test('tells what remains while a store is made, and not of a repair', async () => {
    expect((await details({}, { status: 'running' })).remainingMs).toBe(10_000);
    expect((await details({}, { status: 'running', kind: 'repair' })).remainingMs).toBeNull();
  });

  test('tells what is to be known of the administration, where there is something', async () => {
    expect((await details({ platform: 'magento' })).adminNotes.join(' ')).toMatch(/share it only.*second factor/);
    expect((await details({ platform: 'wordpress' })).adminNotes).toEqual([]);
  });

  test('explains a failure without a word of the machine', async () => {
    const run = aRun((name) => (name === 'create-directory' ? 'done' : 'failed'));
    const { failure } = await details(
      { status: 'failed', error: { ...ERROR, at: new Date(0) } },
      { ...run, status: 'failed' },
    );
    expect(failure).toMatchObject({ canRetry: true, reference: 'run_1' });
    expect(failure?.whatWeTried).toContain('1 of 10 steps');
    expect(JSON.stringify(failure)).not.toMatch(/ENOSPC|vda|df/);
  });

  test('of an active store that a repair complained about shows no failure', async () => {
    expect((await details({ status: 'active', error: { ...ERROR, at: new Date(0) } })).failure).toBeNull();
  });
});
