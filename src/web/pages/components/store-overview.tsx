import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ActivityPage } from '../../services/ledger.ts';
import type { StoreDetails } from '../../services.ts';
import { planTitle } from '../words/plans.ts';
import { platformTitle } from '../words/platforms.ts';
import { isVisitable } from '../words/statuses.ts';
import { tabUrl } from '../words/store-tabs.ts';
import { ActivityList } from './activity-list.tsx';
import { Icon } from './icon.tsx';
import { NextThings } from './next-things.tsx';
import { TimeAgo } from './time-ago.tsx';
import './store-overview.css';

/** A store that exists: the ways in, what to do next, what happened last. */
export function StoreOverview(props: { readonly details: StoreDetails; readonly lately: ActivityPage }) {
  const { details, lately } = props;
  const { store, wishedDomain, adminNotes } = details;
  const isOpen = isVisitable(store.status);
  return (
    <div className="overview">
      <section className="card" aria-labelledby="facts-title">
        <h2 id="facts-title">At a glance</h2>
        <dl className="facts">
          <Fact word="Address">
            {isOpen ? <a href={store.url}>{new URL(store.url).host}</a> : new URL(store.url).host}
          </Fact>
          <Fact word="Runs">{versionsOf(details)}</Fact>
          <Fact word="Plan">{planTitle({ name: store.plan })}</Fact>
          <Fact word={store.activeAt === null ? 'Made' : 'Open since'}>
            <TimeAgo at={store.activeAt ?? store.createdAt} />
          </Fact>
        </dl>
      </section>
      {isOpen && (
        <section className="card stack" aria-labelledby="keys-title">
          <h2 id="keys-title">Your keys</h2>
          <p className="soft">The password of the administration, and of the database. Only you can look at them.</p>
          <div>
            <Button
              component={Link}
              to={`/stores/${store.id}/access`}
              variant="default"
              leftSection={<Icon name="key" />}
            >
              Credentials
            </Button>
          </div>
        </section>
      )}
      {wishedDomain !== null && (
        <section className="card stack" aria-labelledby="domain-title">
          <h2 id="domain-title">{wishedDomain}</h2>
          <p className="soft">You wished for this domain. Until it is connected your store is at its free address.</p>
          {isOpen && (
            <div>
              <Button
                component={Link}
                to={tabUrl(store.id, 'domains')}
                variant="default"
                leftSection={<Icon name="world" />}
              >
                Connect it
              </Button>
            </div>
          )}
        </section>
      )}
      {isOpen && <NextThings store={store} adminNotes={adminNotes} />}
      <section className="card lately" aria-labelledby="lately-title">
        <h2 id="lately-title">What happened last</h2>
        <ActivityList
          activity={lately}
          to={tabUrl(store.id, 'activity')}
          isOlder={false}
          whenEmpty="Nothing has happened yet."
        />
        {lately.lines.length > 0 && <Link to={tabUrl(store.id, 'activity')}>All of it</Link>}
      </section>
    </div>
  );
}

function Fact({ word, children }: { readonly word: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function versionsOf({ store }: StoreDetails): string {
  // By its own name in stores whose shop has not told its version as such.
  const version = store.versions['application'] ?? store.versions[store.platform];
  return version === undefined ? platformTitle(store.platform) : `${platformTitle(store.platform)} ${version}`;
}
