import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { StoreView } from '../../../stores/present-store.ts';
import type { StoreSibling } from '../../services.ts';
import { HEALTH_WORDING, isVisitable, MAINTENANCE_WORDING, STATUS_WORDING } from '../words/statuses.ts';
import { openAdminUrl, STORE_TABS, type StoreTabName, tabsOf, tabUrl } from '../words/store-tabs.ts';
import { Icon } from './icon.tsx';
import { StatusBadge } from './status-badge.tsx';
import { StoreCrumbs } from './store-crumbs.tsx';
import { StoreNews } from './store-news.tsx';
import { Tabs } from './tabs.tsx';
import './store-frame.css';

/** What all pages of one store have around them: the way here, which store it is and how it is, and the other tabs. */
export function StoreFrame(props: {
  readonly store: StoreView;
  /** The customer's stores, this one among them. */
  readonly siblings: readonly StoreSibling[];
  readonly tab: StoreTabName;
  /** The page says by itself which store it is, in its own `h1`. */
  readonly hasOwnHead?: boolean;
  readonly children: ReactNode;
}) {
  const { store, siblings, tab } = props;
  return (
    <>
      <StoreCrumbs store={store} siblings={siblings} tab={tab} />
      {props.hasOwnHead !== true && <StoreHead store={store} />}
      <StoreNews store={store} />
      <Tabs
        label="Pages of this store"
        tabs={tabsOf(store.status).map((name) => ({ label: STORE_TABS[name].word, to: tabUrl(store.id, name) }))}
        here={tabUrl(store.id, tab)}
      />
      {props.children}
    </>
  );
}

function StoreHead({ store }: { readonly store: StoreView }) {
  const { sentence, ...wording } = STATUS_WORDING[store.status];
  return (
    <div className="store-head">
      <div>
        <div className="row">
          <StatusBadge wording={wording} />
          {store.status === 'active' && <StatusBadge wording={HEALTH_WORDING[store.health]} quiet={true} />}
          {store.inMaintenance && <StatusBadge wording={MAINTENANCE_WORDING} quiet={true} />}
        </div>
        <h1>{store.name}</h1>
        <p className="soft" role="status">
          {store.status === 'active' && store.inMaintenance ? 'Your store is in maintenance.' : sentence}
        </p>
      </div>
      {isVisitable(store.status) && (
        <div className="row">
          <Button component="a" href={store.url} leftSection={<Icon name="external" />}>
            Visit store
          </Button>
          <Button component="a" href={openAdminUrl(store.id)} variant="default" leftSection={<Icon name="settings" />}>
            Open admin
          </Button>
        </div>
      )}
    </div>
  );
}
