import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { platformTitle } from '../words/platforms.ts';
import { HEALTH_WORDING, isVisitable, MAINTENANCE_WORDING, STATUS_WORDING } from '../words/statuses.ts';
import { openAdminUrl } from '../words/store-tabs.ts';
import { Icon } from './icon.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TimeAgo } from './time-ago.tsx';
import './store-card.css';

/** One store among others: what it is, how it is, the way in. */
export function StoreCard({ store }: { readonly store: StoreView }) {
  const isOpen = isVisitable(store.status);
  return (
    <article className="card store-card" aria-labelledby={`${store.id}-name`}>
      <div className="store-card-top">
        <StatusBadge wording={STATUS_WORDING[store.status]} />
        {store.status === 'active' && <StatusBadge wording={HEALTH_WORDING[store.health]} quiet={true} />}
        {store.inMaintenance && <StatusBadge wording={MAINTENANCE_WORDING} quiet={true} />}
      </div>
      <h2 id={`${store.id}-name`}>
        <Link to={`/stores/${store.id}`}>{store.name}</Link>
      </h2>
      <p className="small soft">
        {platformTitle(store.platform)} · made <TimeAgo at={store.createdAt} />
      </p>
      <p className="small store-card-host">{new URL(store.url).host}</p>
      <div className="row">
        {isOpen ? (
          <>
            <Button component="a" href={store.url} size="sm" leftSection={<Icon name="external" />}>
              Visit
            </Button>
            <Button
              component="a"
              href={openAdminUrl(store.id)}
              size="sm"
              variant="default"
              leftSection={<Icon name="settings" />}
            >
              Admin
            </Button>
          </>
        ) : (
          <Button
            component={Link}
            to={`/stores/${store.id}`}
            size="sm"
            variant="default"
            rightSection={<Icon name="arrow" />}
          >
            {store.status === 'failed' ? 'See what happened' : 'Look at it'}
          </Button>
        )}
      </div>
    </article>
  );
}
