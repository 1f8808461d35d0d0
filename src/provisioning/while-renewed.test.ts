import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MINUTE, SECOND } from '../lib/time.ts';
import { AHEAD_LEASE_MS, whileRenewed } from './while-renewed.ts';

const never = new AbortController().signal;
const silent = () => Promise.reject(new Error('The database is silent.'));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Resolves when its signal aborts, with why. */
const untilCalledOff = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

const hold = (renew: () => Promise<boolean>, stopping = never) => ({ id: 'sto_1', renew, stopping });

it('keeps what is made ours until it is done, and not a moment longer', async () => {
  let finish = (): void => undefined;
  let renewed = 0;
  const renew = async (): Promise<boolean> => (renewed += 1) > 0;
  const work = whileRenewed(hold(renew), ({ signal }) => {
    signal.addEventListener('abort', () => expect.unreachable());
    return new Promise<string>((resolve) => (finish = () => resolve('made')));
  });

  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(renewed).toBeGreaterThan((2 * MINUTE) / AHEAD_LEASE_MS);
  finish();
  expect(await work).toBe('made');

  const before = renewed;
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(renewed).toBe(before);
});

it('is called off once it is somebody else’s to make', async () => {
  let isOurs = true;
  const work = whileRenewed(
    hold(async () => isOurs),
    ({ signal }) => untilCalledOff(signal),
  );
  const ended = expect(work).rejects.toThrow('not ours');

  await vi.advanceTimersByTimeAsync(20 * SECOND);
  isOurs = false;
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  await ended;
});

it('is called off when all stops', async () => {
  const stopping = new AbortController();
  const work = whileRenewed(
    hold(async () => true, stopping.signal),
    ({ signal }) => untilCalledOff(signal),
  );
  const ended = expect(work).rejects.toThrow('Good night');
  stopping.abort(new Error('Good night.'));
  await ended;
});

it('goes on while the database is silent, but never until it counts as forsaken', async () => {
  let endedAt: number | undefined;
  const begunAt = Date.now();
  const work = whileRenewed(hold(silent), ({ signal }) => untilCalledOff(signal));
  const ended = work.catch((thrown: unknown) => {
    endedAt = Date.now() - begunAt;
    expect(thrown).toMatchObject({ message: expect.stringMatching(/for too long/) });
  });

  await vi.advanceTimersByTimeAsync(20 * SECOND);
  expect(endedAt).toBeUndefined();
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  await ended;
  expect(endedAt).toBeLessThan(AHEAD_LEASE_MS);
});

it('counts from the last time that it was heard of', async () => {
  let isSilent = false;
  let isOver = false;
  const work = whileRenewed(
    hold(() => (isSilent ? silent() : Promise.resolve(true))),
    ({ signal }) => untilCalledOff(signal),
  );
  const ended = work.catch(() => (isOver = true));

  for (let turn = 0; turn < 5; turn += 1) {
    isSilent = true;
    await vi.advanceTimersByTimeAsync(15 * SECOND);
    isSilent = false;
    await vi.advanceTimersByTimeAsync(5 * SECOND);
  }
  expect(isOver).toBe(false);
  isSilent = true;
  await vi.advanceTimersByTimeAsync(AHEAD_LEASE_MS);
  await ended;
});

it('is called off by whoever stood still for longer than it lasts', async () => {
  const work = whileRenewed(
    hold(async () => true),
    ({ signal }) => untilCalledOff(signal),
  );
  const ended = expect(work).rejects.toThrow('for too long');
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + AHEAD_LEASE_MS);
  await vi.advanceTimersByTimeAsync(5 * SECOND);
  await ended;
});

it.each<[string, () => Promise<boolean>, string]>([
  ['is somebody else’s', async () => false, 'not ours'],
  ['cannot be asked for', silent, 'silent'],
])('is not finished when it %s right before that', async (_, renew, why) => {
  await expect(whileRenewed(hold(renew), ({ confirm }) => confirm())).rejects.toThrow(why);
});

it('is finished when it is ours right before that', async () => {
  await whileRenewed(
    hold(async () => true),
    ({ confirm }) => confirm(),
  );
});
