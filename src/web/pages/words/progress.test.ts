import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../lib/time.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import type { StoreDetails } from '../../services.ts';
import { asItStands, progressSentence, progressTitle, remainingInWords } from './progress.ts';

function aStore(over: Partial<StoreView> = {}): StoreView {
  const step = { name: 'start-containers', title: 'Starting your shop', index: 4, total: 10, status: 'running' };
  const run = { id: 'run_1', attempt: 1, step, steps: [] };
  return { id: 'sto_1', name: 'flowers', status: 'provisioning', run, ...over } as unknown as StoreView;
}

describe('how far a store is', () => {
  it('says the step at work in the sentence, and in the tab before the name', () => {
    const details = { store: aStore(), queue: null };

    expect(progressSentence(details)).toBe('Step 4 of 10: Starting your shop.');
    expect(progressTitle(details)).toBe('4/10 flowers');
  });

  it('is told as waiting once another attempt at it is in the queue, and as failed before that', () => {
    const store = aStore({ status: 'failed' });
    const failed = { store, failure: { reference: 'run_1' }, queue: null } as unknown as StoreDetails;

    expect(asItStands(failed)).toEqual(failed);
    const asked = asItStands({ ...failed, queue: { position: 1, waitMs: null } });
    expect(asked).toMatchObject({ failure: null, store: { id: store.id, status: 'pending' } });
    expect(progressTitle(asked)).toBe('Pending: flowers');
  });

  it('goes on being told as waiting while a worker has taken the attempt and not said so yet', () => {
    const after = (status: string) => {
      const run = {
        id: 'run_1',
        attempt: 2,
        step: null,
        steps: [{ status: 'done' }, { status }, { status: 'waiting' }],
      };
      const store = aStore({ status: 'failed', run } as unknown as Partial<StoreView>);
      return asItStands({ store, failure: {}, queue: null } as unknown as StoreDetails).store.status;
    };
    expect([after('failed'), after('waiting'), after('running')]).toEqual(['failed', 'pending', 'pending']);
  });

  it('says which step did not work', () => {
    const details = { store: aStore({ status: 'failed' }), queue: null };

    expect(progressSentence(details)).toBe('Step 4 of 10 did not work: Starting your shop.');
    expect(progressTitle(details)).toBe('Failed: flowers');
  });

  it.each([
    [null, 'Your store is next in line.'],
    [{ position: 1, waitMs: null }, 'Your store is next in line.'],
    [{ position: 2, waitMs: null }, 'One store is before yours.'],
    [{ position: 4, waitMs: 2 * MINUTE }, '3 stores are before yours. That usually takes 2 minutes.'],
  ])('while it waits, it is honest about the queue: %j', (queue, sentence) => {
    expect(progressSentence({ store: aStore({ status: 'pending' }), queue })).toBe(sentence);
  });

  it.each([
    [null, ''],
    [0, 'any moment now'],
    [3 * SECOND, 'usually a few more seconds'],
    [38 * SECOND, 'usually 40 more seconds'],
    [MINUTE, 'usually one more minute'],
    [2 * MINUTE, 'usually 2 more minutes'],
  ])('with %s ms to go: %s', (remainingMs, words) => expect(remainingInWords(remainingMs)).toBe(words));
});
