import { describe, expect, test } from 'vitest';
import { aRun } from '../../test/fakes/fake-world.ts';
import { STEP_NAMES, type StepRecord } from '../domain/run.ts';
import { median, usualDurationsOf, usuallyRemaining, usualTotalOf } from './usual-durations.ts';

const NOW = new Date('2026-11-25T10:00:10.000Z');
const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);
const ALL = Object.fromEntries(STEP_NAMES.map((step) => [step, 1000]));

function runWith(changes: Partial<Record<string, Partial<StepRecord>>>) {
  const run = aRun(() => 'waiting');
  return { ...run, status: 'running' as const, steps: run.steps.map((step) => ({ ...step, ...changes[step.name] })) };
}

test('the median is not moved by one slow store', () => {
  expect(median([3, 1, 2, 90_000])).toBe(2);
  expect(median([])).toBeUndefined();
});

describe('what a step usually takes', () => {
  test('is told for the steps that past stores tell about, and for no other', () => {
    const usual = usualDurationsOf([
      { step: 'activate', ms: 10 },
      { step: 'activate', ms: 30 },
      { step: 'activate', ms: 20 },
      { step: 'issue-secrets', ms: 5 },
    ]);
    expect(usual).toEqual({ activate: 20, 'issue-secrets': 5 });
    expect(usualTotalOf(usual)).toBeNull();
    expect(usualTotalOf(ALL)).toBe(10_000);
  });
});

describe('what usually remains', () => {
  test('counts what has not begun and what is left of the step at work', () => {
    const run = runWith({
      'create-directory': { status: 'done' },
      'issue-secrets': { status: 'running', startedAt: secondsAgo(0.4) },
    });
    expect(usuallyRemaining(run, ALL, NOW)).toBe(8600);
  });

  test('is never less than nothing for a step that takes longer than usual', () => {
    const done = Object.fromEntries(STEP_NAMES.slice(0, 9).map((name) => [name, { status: 'done' as const }]));
    const run = runWith({ ...done, activate: { status: 'running', startedAt: secondsAgo(60) } });
    expect(usuallyRemaining(run, ALL, NOW)).toBe(0);
  });

  test('is not guessed when a step was never seen, or when nothing is under way', () => {
    expect(usuallyRemaining(runWith({}), { activate: 5 }, NOW)).toBeNull();
    expect(usuallyRemaining({ ...runWith({}), status: 'failed' }, ALL, NOW)).toBeNull();
  });
});
