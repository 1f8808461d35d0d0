import type { ReactNode } from 'react';
import './fact-grid.css';

export interface ShownFact {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: ReactNode;
}

/** What is known of something, line by line: what it is on the left, how it is on the right. */
export function FactGrid({ facts }: { readonly facts: readonly ShownFact[] }) {
  if (facts.length === 0) return null;
  return (
    <dl className="fact-grid">
      {facts.map(({ key, label, value }) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
