import { Link } from 'react-router';
import './tabs.css';

export interface Tab {
  readonly label: string;
  readonly to: string;
}

/** Pages of one thing side by side, each with its address; the one that is open (`here`) is marked for eyes and ears. */
export function Tabs(props: { readonly label: string; readonly tabs: readonly Tab[]; readonly here: string }) {
  return (
    <nav aria-label={props.label} className="tabs">
      <ul role="list">
        {props.tabs.map(({ label, to }) => (
          <li key={to}>
            <Link to={to} aria-current={to === props.here ? 'page' : undefined}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
