import type { Wording } from '../words/statuses.ts';
import { Icon } from './icon.tsx';
import './status-badge.css';

/** Picture, word and colour of a state. */
export function StatusBadge({ wording, quiet = false }: { readonly wording: Wording; readonly quiet?: boolean }) {
  return (
    <span
      className="badge"
      data-tone={wording.tone}
      data-quiet={quiet || undefined}
      data-busy={wording.icon === 'running' || undefined}
    >
      <Icon name={wording.icon} />
      {wording.word}
    </span>
  );
}
