import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { POOL_CONFIG } from '../../test/fakes/pool-machine.ts';
import type { PoolMember } from '../domain/pool-member.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { storeAhead } from '../provisioning/make-ahead.ts';
import { AHEAD_LEASE_MS, type Hold } from '../provisioning/while-renewed.ts';
import type { Adapters } from './adapters.ts';
import { createAhead, snapshotsOf } from './ahead.ts';

const never = new AbortController().signal;
const WISH = { platform: 'wordpress', plan: 'starter' } as const;
const MEMBER: PoolMember = {
  id: `sto_${'0'.repeat(26)}`,
  purpose: 'pool',
  ...WISH,
  status: 'making',
  port: 8001,
  subnet: '10.210.0.32/27',
  uid: 200_000,
  parts: { images: { web: `sha256:${'a'.repeat(64)}` }, versions: {} },
  fingerprint: undefined,
  isForsaken: false,
  createdAt: new Date(0),
};

let isOurs: boolean;
let renewed: number;
let did: string[];
let keep: (store: unknown, facts: unknown, layout: unknown, hold: Hold) => Promise<void>;
let ask: (place: unknown, path: string, signal: AbortSignal) => Promise<undefined>;
beforeEach(() => {
  // What is not faked is what files are read with, and what the engine is asked with.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  isOurs = true;
  renewed = 0;
  did = [];
  keep = async () => undefined;
  ask = async () => undefined;
});
afterEach(() => void vi.useRealTimers());

const nothing = async (): Promise<undefined> => undefined;
const ahead = () =>
  createAhead(
    {
      config: POOL_CONFIG,
      containers: {
        create: nothing,
        ensureRunning: nothing,
        giveFullWeight: nothing,
        haveStarted: async () => false,
        identities: async () => [],
        stop: nothing,
        remove: nothing,
      },
      repositories: {
        plans: { list: async () => [] },
        poolMembers: {
          begin: async () => MEMBER,
          get: async () => MEMBER,
          partsOf: async () => MEMBER.parts,
          recordParts: async () => true,
          renew: async () => {
            renewed += 1;
            return isOurs;
          },
          enter: async () => isOurs,
          retire: async () => void did.push('retired'),
          forget: async () => void did.push('forgotten'),
        },
      },
      directories: { ensure: nothing, remove: nothing },
      takenMarks: { isTaken: async () => false },
      golden: {
        awaits: async () => true,
        lay: async () => true,
        keep: (store: unknown, facts: unknown, layout: unknown, hold: Hold) => keep(store, facts, layout, hold),
        abandon: nothing,
      },
      secretFiles: { write: nothing, read: nothing },
      composeFiles: { write: nothing, templateOf: async () => Buffer.from('services: {}') },
      phpLimitFiles: { write: nothing },
      installer: { run: async () => ({ versions: {} }) },
      images: {},
      artifacts: {},
      docker: { listNetworks: async () => [] },
    } as unknown as Adapters,
    'wrk_1',
    (place, path, signal) => ask(place, path, signal),
  );

/** Resolves when its signal aborts, with why. */
const untilCalledOff = (signal: AbortSignal): Promise<undefined> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** What is made, at the moment that it has come to a piece of work that takes as long as it is let. */
async function begun(
  make: () => Promise<unknown>,
  comeTo: (at: (signal: AbortSignal) => Promise<undefined>) => void,
): Promise<{ readonly made: Promise<unknown> }> {
  const hasCome = new Promise<void>((resolve) =>
    comeTo((signal) => {
      resolve();
      return untilCalledOff(signal);
    }),
  );
  const made = make();
  await Promise.race([hasCome, made]);
  return { made };
}

const LAST_WORK: Readonly<Record<string, Parameters<typeof begun>>> = {
  'the first look at its pages': [
    () => ahead().makeMember(WISH, never),
    (at) => (ask = (_place, _path, signal) => at(signal)),
  ],
  'keeping it to be copied': [
    () => ahead().buildSnapshot('wordpress', never, () => undefined),
    (at) => (keep = (_store, _facts, _layout, { signal }) => at(signal)),
  ],
};

describe.each(Object.entries(LAST_WORK))('during %s', (_, [make, comeTo]) => {
  test('its maker is heard of, and leaves off once it is somebody else’s', async () => {
    const { made } = await begun(make, comeTo);
    const ended = expect(made).rejects.toThrow('not ours');

    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(renewed).toBeGreaterThan((2 * MINUTE) / AHEAD_LEASE_MS);
    expect(did).toEqual([]);
    isOurs = false;
    await vi.advanceTimersByTimeAsync(10 * SECOND);
    await ended;
    expect(did[0]).toBe('retired');
  });
});

test('a member that cannot be let wait, because it is somebody else’s, is none that was made', async () => {
  isOurs = false;
  await expect(ahead().makeMember(WISH, never)).rejects.toThrow('not ours');
  expect(did).toEqual(['retired']);
  isOurs = true;
  await ahead().makeMember(WISH, never);
});

test('nothing is kept to be copied of one that is somebody else’s by then', async () => {
  keep = async (_store, _facts, _layout, { confirm }) => {
    await confirm();
    isOurs = false;
    await confirm();
  };
  await expect(ahead().buildSnapshot('wordpress', never, () => undefined)).rejects.toThrow('not ours');
  expect(did).toEqual(['retired', 'forgotten']);
});

test.each([
  ['copied, where stores are copied', true, false, [expect.stringMatching(/^[0-9a-f]{16}$/)]],
  ['cleared of copies that were begun, where they are not any more', false, false, [undefined]],
  ['left alone once it has containers', true, true, []],
])('a store that has nothing yet is %s', async (_, usesSnapshots, hasContainers, expected) => {
  const keys: unknown[] = [];
  const snapshots = snapshotsOf({
    config: { usesSnapshots },
    containers: { haveStarted: async () => hasContainers },
    golden: { awaits: async () => true, lay: async (_store: unknown, key: unknown) => keys.push(key) > 1 },
  } as unknown as Adapters);

  await snapshots.lay(storeAhead(MEMBER, 'localhost'), never, () => undefined);

  expect(keys).toEqual(expected);
});
