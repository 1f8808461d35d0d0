import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import './tabs.css';

export interface Tab {
  readonly label: string;
  readonly to: string;
}

/** Pages of one thing side by side, each with its address; the one that is open (`here`) is marked for eyes and ears. */
export function Tabs(props: { readonly label: string; readonly tabs: readonly Tab[]; readonly here: string }) {
  const { here } = props;
  const open = useRef<HTMLAnchorElement>(null);
  // On a phone the row is longer than the screen: the open one comes into sight.
  useEffect(() => {
    const row = open.current?.closest('ul');
    if (open.current && row)
      row.scrollLeft = open.current.offsetLeft - (row.clientWidth - open.current.clientWidth) / 2;
  }, [here]);
  return (
    <nav aria-label={props.label} className="tabs">
      <ul role="list">
        {props.tabs.map(({ label, to }) => (
          <li key={to}>
            <Link ref={to === here ? open : undefined} to={to} aria-current={to === here ? 'page' : undefined}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
