import { Link } from 'react-router';
import './crumbs.css';

/** The way from the dashboard to this page; the last place is where the reader is. */
export function Crumbs(props: {
  readonly way?: readonly { readonly label: string; readonly to: string }[];
  readonly here: string;
}) {
  return (
    <nav aria-label="Where you are" className="crumbs small">
      <ol>
        {[{ label: 'Your stores', to: '/dashboard' }, ...(props.way ?? [])].map(({ label, to }) => (
          <li key={to}>
            <Link to={to}>{label}</Link>
          </li>
        ))}
        <li aria-current="page">{props.here}</li>
      </ol>
    </nav>
  );
}
