import { Link } from 'react-router';
import type { StoreSibling } from '../../services.ts';
import { STORE_TABS, type StoreTabName, tabUrl } from '../words/store-tabs.ts';
import { type Crumb, Crumbs } from './crumbs.tsx';
import './store-crumbs.css';

/** The way to a store's page, with the other stores of the customer behind the name (the same tab of another one), all of them, and a new one. */
export function StoreCrumbs(props: {
  readonly store: StoreSibling;
  readonly siblings: readonly StoreSibling[];
  readonly tab: StoreTabName;
  /** A page below the tab, where it is one. */
  readonly here?: string;
}) {
  const { store, siblings, tab, here } = props;
  const others = siblings.filter(({ id }) => id !== store.id);
  const beside = <Switcher key={store.id} others={others} tab={tab} />;
  const places: Crumb[] = [{ label: store.name, to: tabUrl(store.id, 'overview'), beside }];
  if (STORE_TABS[tab].path !== '') places.push({ label: STORE_TABS[tab].word, to: tabUrl(store.id, tab) });
  if (here !== undefined) return <Crumbs way={places} here={here} />;
  const last = places.at(-1);
  return <Crumbs way={places.slice(0, -1)} here={last?.label ?? store.name} beside={last?.beside} />;
}

function Switcher({ others, tab }: { readonly others: readonly StoreSibling[]; readonly tab: StoreTabName }) {
  return (
    <details className="store-switcher">
      <summary aria-label="All stores" title="All stores">
        <span aria-hidden="true">▾</span>
      </summary>
      <ul role="list">
        {others.map(({ id, name }) => (
          <li key={id}>
            <Link to={tabUrl(id, tab)}>{name}</Link>
          </li>
        ))}
        <li>
          <Link to="/dashboard?all">All your stores</Link>
        </li>
        <li>
          <Link to="/signup">Add a store</Link>
        </li>
      </ul>
    </details>
  );
}
