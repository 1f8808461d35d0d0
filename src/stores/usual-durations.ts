import { type Run, STEP_NAMES, type StepName } from '../domain/run.ts';

/** By step, in ms; a step that no past store tells about is absent. */
export type UsualDurations = Readonly<Partial<Record<StepName, number>>>;

/** The middle value; of an even number the lower of the two. `undefined` of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** From what past steps took to what they usually take. */
export function usualDurationsOf(past: readonly { readonly step: StepName; readonly ms: number }[]): UsualDurations {
  const usual: Partial<Record<StepName, number>> = {};
  for (const step of STEP_NAMES) {
    const middle = median(past.filter((one) => one.step === step).map(({ ms }) => ms));
    if (middle !== undefined) usual[step] = middle;
  }
  return usual;
}

/** All steps together; `null` before a store of that kind has told about each of them. */
export function usualTotalOf(usual: UsualDurations): number | null {
  const known = STEP_NAMES.map((step) => usual[step]).filter((ms) => ms !== undefined);
  return known.length === STEP_NAMES.length ? known.reduce((sum, ms) => sum + ms, 0) : null;
}

/**
 * What usually remains of a run: the medians of what has not begun, and what is left of the step at work (nothing, once
 * it takes longer than usual). `null` when some step has no median yet, or nothing is under way.
 */
export function usuallyRemaining(run: Pick<Run, 'steps' | 'status'>, usual: UsualDurations, now: Date): number | null {
  if (run.status !== 'queued' && run.status !== 'running') return null;
  let remaining = 0;
  for (const { name, status, startedAt } of run.steps) {
    if (status === 'done' || status === 'skipped') continue;
    const ms = usual[name];
    if (ms === undefined) return null;
    const elapsed = status === 'running' && startedAt !== null ? now.getTime() - startedAt.getTime() : 0;
    remaining += Math.max(0, ms - elapsed);
  }
  return remaining;
}
