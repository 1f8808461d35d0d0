import { describe, expect, it } from 'vitest';
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

function aMaker(steps: readonly Step[], { get = async () => MEMBER } = {}) {
  return createMakeAhead({ steps, members: { get }, owner: 'wrk_1', baseDomain: 'shops.example' });
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

  it('goes no step further once it is called off', async () => {
    const tried: string[] = [];
    const calledOff = new AbortController();
    const steps = [
      aStep('create-directory', async () => {
        tried.push('first');
        calledOff.abort(new Error('Good night.'));
      }),
      aStep('issue-secrets', async () => void tried.push('second')),
    ];

    await expect(aMaker(steps)(MEMBER, calledOff.signal, () => undefined)).rejects.toThrow('Good night.');
    expect(tried).toEqual(['first']);
  });
});
