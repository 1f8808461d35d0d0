import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PoolMember } from '../domain/pool-member.ts';
import type { StepName } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { assertWithinBounds } from '../domain/store-bounds.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { createMakeAhead, storeAhead } from './make-ahead.ts';
import type { Step, StepContext } from './step.ts';

const MEMBER: PoolMember = {
  id: `sto_${'0'.repeat(26)}`,
  purpose: 'pool',
  platform: 'wordpress',
  plan: 'starter',
  status: 'making',
  port: 8001,
  subnet: '10.210.0.32/27',
  uid: 200_000,
  parts: undefined,
  fingerprint: undefined,
  isForsaken: false,
  createdAt: new Date(0),
};
const never = new AbortController().signal;

const aStep = (name: StepName, ensure: (store: Store, context: StepContext) => Promise<void>): Step => ({
  name,
  title: name,
  deadlineMs: MINUTE,
  retry: { attempts: 3, backoffMs: SECOND },
  ensure,
});

function aMaker(steps: readonly Step[], { get = async () => MEMBER, renew = async () => true } = {}) {
  return createMakeAhead({ steps, members: { get, renew }, owner: 'wrk_1', baseDomain: 'shops.example' });
}

describe('a shop that is made ahead', () => {
  it('is made by the steps in their order, each told what the ones before have found', async () => {
    let parts: PoolMember['parts'];
    const seen: unknown[] = [];
    const steps = [
      aStep('render-compose', async ({ images }) => {
        seen.push(images);
        parts = { images: { web: 'sha256:1' }, versions: {} };
      }),
      aStep('start-containers', async ({ images }) => void seen.push(images)),
    ];

    await aMaker(steps, { get: async () => ({ ...MEMBER, parts }) })(MEMBER, never, () => undefined);

    expect(seen).toEqual([{}, { web: 'sha256:1' }]);
  });

  it('is given up by the first step that fails, without a second try', async () => {
    const tried: string[] = [];
    const steps = [
      aStep('create-directory', async () => {
        tried.push('first');
        throw new Error('The disk is full.');
      }),
      aStep('issue-secrets', async () => void tried.push('second')),
    ];

    await expect(aMaker(steps)(MEMBER, never, () => undefined)).rejects.toThrow('The disk is full.');
    expect(tried).toEqual(['first']);
  });

  it('has nothing of an owner, and what any store may have', () => {
    const store = storeAhead(MEMBER, 'shops.example');

    const bounds = {
      ports: { start: 8001, end: 8010, max: 8999, reserved: [] },
      subnets: '10.210.0.0/16',
      uids: { start: 200_000, end: 265_535 },
      baseDomain: 'shops.example',
    };
    expect(() => assertWithinBounds(store, bounds)).not.toThrow();
    expect([store.customerEmail, store.title, store.wishedDomain]).toEqual(['', '', null]);
  });

  describe('while time goes by', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    /** Resolves when its signal aborts, with why. */
    const untilCalledOff = (signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

    it('is called off once it is somebody else’s to make', async () => {
      let isOurs = true;
      const steps = [aStep('start-containers', (_, { signal }) => untilCalledOff(signal))];
      const making = aMaker(steps, { renew: async () => isOurs })(MEMBER, never, () => undefined);
      const ended = expect(making).rejects.toThrow('not ours');

      await vi.advanceTimersByTimeAsync(20 * SECOND);
      isOurs = false;
      await vi.advanceTimersByTimeAsync(10 * SECOND);
      await ended;
    });

    it('goes on while the database is silent', async () => {
      let finish = (): void => undefined;
      const steps = [aStep('start-containers', () => new Promise((resolve) => (finish = resolve)))];
      const renew = () => Promise.reject(new Error('The database is silent.'));
      const making = aMaker(steps, { renew })(MEMBER, never, () => undefined);

      await vi.advanceTimersByTimeAsync(20 * SECOND);
      finish();
      await making;
    });
  });
});
