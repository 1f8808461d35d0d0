import type { StoreErrorView } from '../../../stores/present-store.ts';
import { nameInWords } from '../words/runs.ts';
import { Icon } from './icon.tsx';
import { TimeAgo } from './time-ago.tsx';
import './operator-error.css';

/** What went wrong, in the operators' own words: it may name machines, ports and programs. */
export function OperatorError({ error }: { readonly error: StoreErrorView | null }) {
  if (error === null) return null;
  return (
    <section className="operator-error" aria-label="What went wrong">
      <p>
        <Icon name="alert" />
        <strong>{error.message}</strong>
      </p>
      {error.hint !== null && <p>{error.hint}</p>}
      <p className="small soft">
        <code>{error.code}</code>
        {error.step !== null && <> · {nameInWords(error.step)}</>} · <TimeAgo at={error.at} />
      </p>
    </section>
  );
}
