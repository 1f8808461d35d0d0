import { useEffect, useState } from 'react';
import { SECOND } from '../../../lib/time.ts';
import { Icon } from './icon.tsx';
import './copy-button.css';

const SAID_MS = 3 * SECOND;

/** Copies `text`. `what` says to those who listen what will be copied; a refusal of the browser is said, not hidden. */
export function CopyButton(props: { readonly text: string; readonly what: string; readonly label?: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(props.text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  return (
    <button type="button" className="copy needs-script" onClick={() => void copy()}>
      <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
      <span role="status">
        {outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Please copy by hand' : (props.label ?? 'Copy')}
      </span>
      <span className="unseen">{props.what}</span>
    </button>
  );
}
