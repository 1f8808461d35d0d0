import type { StoreDetails } from '../../services.ts';
import { StepList } from './step-list.tsx';
import { useClock } from './use-clock.ts';
import { useProgress } from './use-progress.ts';

/** A store that is being taken down, step by step: the last one made goes first. */
export function StoreGoing(props: {
  readonly details: StoreDetails;
  readonly at: number;
  readonly isCurrent: boolean;
}) {
  const { details, at, isCurrent } = props;
  const { run } = details.store;
  useProgress(details.store.id, details.lastEventId, { isFinished: false, isCurrent });
  const sinceMs = useClock(at, true);
  if (run === null) return null;
  return (
    <section className="card stack" aria-labelledby="going-title">
      <h2 id="going-title">What goes, step by step</h2>
      <StepList run={{ ...run, steps: run.steps.toReversed() }} logs={{}} usualMs={{}} sinceMs={sinceMs} />
    </section>
  );
}
