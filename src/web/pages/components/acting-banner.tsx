import { Icon } from './icon.tsx';
import './acting-banner.css';

export interface Acting {
  /** Whose place it is. */
  readonly email: string;
  /** ISO. */
  readonly until: string;
}

/** On every page while an operator acts as a customer: in whose place, until when, and the way out. */
export function ActingBanner({ acting }: { readonly acting: Acting }) {
  return (
    <aside className="acting" aria-label="Acting as a customer">
      <p>
        <Icon name="alert" />
        <span>
          You act as <strong>{acting.email}</strong> until{' '}
          <time dateTime={acting.until}>{acting.until.slice(11, 16)} UTC</time>. The ledger names you both.
        </span>
      </p>
      <form method="post" action="/acting/stop">
        <button type="submit">Stop</button>
      </form>
    </aside>
  );
}
