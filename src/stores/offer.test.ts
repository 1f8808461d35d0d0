import { describe, expect, test } from 'vitest';
import { FIRST_PLANS } from '../domain/plans.ts';
import { STEP_NAMES } from '../domain/run.ts';
import { createOfferKeeper, createOfferReader, type OfferKeeperDeps } from './offer.ts';

const USUAL = Object.fromEntries(STEP_NAMES.map((step) => [step, 500]));

function bench(changes: Partial<OfferKeeperDeps> = {}, plans = FIRST_PLANS) {
  const rows = new Map<string, unknown>();
  const settings = {
    get: async (name: string) => rows.get(name),
    set: async (name: string, value: unknown) => void rows.set(name, JSON.parse(JSON.stringify(value))),
  };
  let time = 0;
  let said: string | null = null;
  const keep = (more: Partial<OfferKeeperDeps> = {}) =>
    createOfferKeeper({
      settings,
      isOpen: true,
      isAvailable: async (platform) => platform !== 'magento',
      hasRoom: async () => true,
      lanes: async () => 4,
      usualDurations: async () => ({}),
      now: () => time,
      ...changes,
      ...more,
    })();
  const reader = createOfferReader({
    settings,
    plans: { list: async () => plans },
    closedByOperators: async () => said,
    freshMs: 1000,
    now: () => time,
  });
  const say = (sentence: string | null): void => void (said = sentence);
  return { keep, reader, say, pass: (ms: number) => (time += ms) };
}

describe('what can be had', () => {
  test('is nothing before the worker has said a word, and the reason says so', async () => {
    const { closed, platforms } = await bench().reader.offer();
    expect(closed).toMatch(/starting/);
    expect(platforms.every(({ unavailable }) => unavailable !== null)).toBe(true);
  });

  test('is nothing while operators take no new shops, in their words or in ours', async () => {
    const { keep, reader, say } = bench();
    await keep();
    say('Back on Monday.');
    expect((await reader.offer()).closed).toBe('Back on Monday.');
    say('');
    expect((await reader.offer()).closed).toMatch(/no new shops/);
    say(null);
    expect((await reader.offer()).closed).toBeNull();
  });

  test('is what the worker saw', async () => {
    const { keep, reader } = bench();
    await keep({ usualDurations: async (platform) => (platform === 'wordpress' ? USUAL : {}) });
    const { closed, platforms } = await reader.offer();
    expect(closed).toBeNull();
    expect(platforms).toEqual([
      { name: 'woocommerce', unavailable: null, usuallyMs: null, leastMemoryMb: 512 },
      { name: 'wordpress', unavailable: null, usuallyMs: 5000, leastMemoryMb: 512 },
      { name: 'magento', unavailable: 'Not offered here at the moment.', usuallyMs: null, leastMemoryMb: 2048 },
    ]);
  });

  test('is no platform that needs more memory than any plan has', async () => {
    const { keep, reader } = bench({ isAvailable: async () => true }, FIRST_PLANS.slice(0, 1));
    await keep();

    const { platforms } = await reader.offer();

    expect(platforms.map(({ unavailable }) => unavailable)).toEqual([null, null, 'Not offered here at the moment.']);
  });

  test.each([
    ['full', { hasRoom: async () => false }, /Every place is taken/],
    ['closed by the operator, also with room', { isOpen: false }, /no new shops/],
  ])('says when it is %s', async (_what, changes, sentence) => {
    const { keep, reader } = bench(changes);
    await keep();
    expect((await reader.offer()).closed).toMatch(sentence);
  });

  test('keeps what was learned when the stores it was learned from are gone', async () => {
    const { keep, reader } = bench();
    await keep({ usualDurations: async () => USUAL });
    await keep();
    expect((await reader.kept()).usual['wordpress']).toEqual(USUAL);
  });

  test('promises nobody when the worker has been silent for a minute', async () => {
    const { keep, reader, pass } = bench();
    await keep();
    expect((await reader.kept()).lanes).toBe(4);
    pass(60_001);
    const kept = await reader.kept();
    expect([kept.lanes, kept.closed]).toEqual([0, null]);
  });

  test('is read again when it is old, and after a failure', async () => {
    const { keep, reader, pass } = bench();
    await reader.kept();
    await keep();
    expect((await reader.kept()).lanes).toBe(0);
    pass(1001);
    expect((await reader.kept()).lanes).toBe(4);

    let isAway = true;
    const settings = { get: async () => (isAway ? Promise.reject(new Error('away')) : undefined) };
    const shaky = createOfferReader({
      settings,
      plans: { list: async () => FIRST_PLANS },
      closedByOperators: async () => null,
      freshMs: 1000,
      now: () => 0,
    });
    await expect(shaky.kept()).rejects.toThrow('away');
    isAway = false;
    await expect(shaky.kept()).resolves.toMatchObject({ lanes: 0 });
  });
});
