import type { ReactNode } from 'react';
import type { CredentialGroup } from '../words/credentials.ts';
import { CopyButton } from './copy-button.tsx';
import './credentials.css';

/** Groups of names and keys, each with a button that copies it; `behind` comes after the last of each group. */
export function CredentialList({
  groups,
  behind,
}: {
  readonly groups: readonly CredentialGroup[];
  readonly behind?: ReactNode;
}) {
  return groups.map(({ title, values }) => (
    <section key={title} aria-label={title}>
      <h2>{title}</h2>
      <dl className="keys">
        {values.map(({ word, value, isLink }) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>
              {isLink ? <a href={value}>{value}</a> : <code>{value}</code>}
              <CopyButton text={value} what={`${title}: ${word}`} />
            </dd>
          </div>
        ))}
        {behind}
      </dl>
    </section>
  ));
}
