import { Link } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { firstThingsOf } from '../words/platforms.ts';
import { AdminNotes } from './admin-notes.tsx';
import { Icon } from './icon.tsx';
import './next-things.css';

/** What a new owner does first, each with a link to where it is done. */
export function NextThings(props: { readonly store: StoreView; readonly adminNotes: readonly string[] }) {
  const { store, adminNotes } = props;
  return (
    <section className="card next-things" aria-labelledby="next-title">
      <h2 id="next-title">The next things</h2>
      <ol>
        <li>
          <Link to={`/stores/${store.id}/access`}>Look up your password</Link>
          <span className="soft">and log in to the administration with it.</span>
        </li>
        {firstThingsOf(store.platform).map(({ title, more, path }) => (
          <li key={title}>
            <a href={new URL(path, store.adminUrl).href}>{title}</a>
            <span className="soft">{more}</span>
          </li>
        ))}
      </ol>
      <AdminNotes notes={adminNotes} />
      <p className="small soft">
        <Icon name="lock" /> HTTPS is on already; there is nothing to do for it.
      </p>
    </section>
  );
}
