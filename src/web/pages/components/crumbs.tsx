import type { ReactNode } from 'react';
import { Link } from 'react-router';
import './crumbs.css';

/** A place on the way. */
export interface Crumb {
  readonly label: string;
  readonly to: string;
  /** What belongs to this place, beside its name. */
  readonly beside?: ReactNode;
}

/** The way from the list of stores to this page; the last place is where the reader is. */
export function Crumbs(props: { readonly way?: readonly Crumb[]; readonly here: string; readonly beside?: ReactNode }) {
  const way: readonly Crumb[] = [{ label: 'Your stores', to: '/dashboard?all' }, ...(props.way ?? [])];
  return (
    <nav aria-label="Where you are" className="crumbs small">
      <ol>
        {way.map(({ label, to, beside }) => (
          <li key={to}>
            <Link to={to}>{label}</Link>
            {beside}
          </li>
        ))}
        <li>
          <span aria-current="page">{props.here}</span>
          {props.beside}
        </li>
      </ol>
    </nav>
  );
}
