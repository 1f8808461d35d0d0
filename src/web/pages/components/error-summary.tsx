import { useEffect, useRef } from 'react';
import type { Refusal } from '../request/form.ts';
import { Icon } from './icon.tsx';
import { Reference } from './reference.tsx';
import './error-summary.css';

/** Everything that was wrong, in one place that takes the focus; each line leads to its field. */
export function ErrorSummary({ refusal }: { readonly refusal: Refusal | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusal !== undefined) box.current?.focus();
  }, [refusal]);
  if (refusal === undefined) return null;
  const errors = Object.entries(refusal.errors);
  return (
    <div ref={box} className="errors" role="alert" tabIndex={-1} autoFocus>
      <Icon name="alert" />
      <div>
        {refusal.sentence !== null && <p>{refusal.sentence}</p>}
        {errors.length > 0 && (
          <p>{errors.length === 1 ? 'One thing to put right:' : `${errors.length} things to put right:`}</p>
        )}
        {errors.length > 0 && (
          <ul>
            {errors.map(([name, sentence]) => (
              <li key={name}>
                <a href={`#${name}`}>{sentence}</a>
              </li>
            ))}
          </ul>
        )}
        {refusal.reference !== null && <Reference id={refusal.reference} />}
      </div>
    </div>
  );
}
