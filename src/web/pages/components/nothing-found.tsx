import type { ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import './nothing-found.css';

/** Where a list has no rows: nothing fits what was asked, or there is nothing yet. The two are not the same. */
export function NothingFound({ yet }: { readonly yet: ReactNode }) {
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const isAsked = [...params].some(([name, value]) => name !== 'sort' && value !== '');
  return (
    <div className="nothing-found">
      {isAsked ? (
        <p>
          Nothing fits what you asked for. <Link to={pathname}>Show all of them</Link>
        </p>
      ) : (
        <p className="soft">{yet}</p>
      )}
    </div>
  );
}
