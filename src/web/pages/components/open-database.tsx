import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Form } from 'react-router';
import {
  DATABASES_OPEN_AT_ALL,
  DATABASES_OPEN_OF_CUSTOMER,
  type OpeningLimit,
} from '../../../domain/database-opening.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import type { OpenDatabaseView } from '../../services/access.ts';
import { exactTime } from '../words/durations.ts';
import { whyNotNow } from '../words/statuses.ts';
import { databaseUrl, tabUrl } from '../words/store-tabs.ts';
import { Icon } from './icon.tsx';
import { Notice } from './notice.tsx';
import './open-database.css';

/** The way into the store's database, and out of it again; `limit`: why it was not opened just now. */
export function OpenDatabase(props: {
  readonly store: StoreView;
  /** Of all stores of its owner. */
  readonly databases: readonly OpenDatabaseView[];
  readonly limit: OpeningLimit | null;
}) {
  const { store, databases, limit } = props;
  const whyNot = whyNotNow(store.status, false);
  const own = databases.find(({ storeId }) => storeId === store.id);
  const others = databases.filter(({ storeId }) => storeId !== store.id);
  return (
    <section id="phpmyadmin" className="card stack" aria-labelledby="open-database-title">
      <h2 id="open-database-title">Look into the database</h2>
      <p className="soft">
        phpMyAdmin for the database of your store, signed in by itself. It closes after two hours, when you log out, or
        here. Keep its address to yourself, and change nothing that you do not understand: your shop works with it.
      </p>
      {limit !== null && own === undefined && (
        <div role="alert">
          <Notice icon="alert" tone="waiting">
            <p>{wordsOf(limit, others.length > 0)}</p>
          </Notice>
        </div>
      )}
      {own !== undefined && (
        <p role="status">
          Open until <time dateTime={own.until}>{exactTime(own.until)}</time>. Opening it anew closes the one before.
        </p>
      )}
      <div className="row">
        {/* A whole page of another program, and none of this one. */}
        <Form method="post" action={databaseUrl(store.id)} reloadDocument={true}>
          <Button type="submit" disabled={whyNot !== null} leftSection={<Icon name="external" />}>
            Open phpMyAdmin
          </Button>
        </Form>
        {own !== undefined && (
          <CloseDatabase database={own} next={tabUrl(store.id, 'access')}>
            Close phpMyAdmin
          </CloseDatabase>
        )}
      </div>
      {whyNot !== null && <p className="soft small">{whyNot}</p>}
      {others.length > 0 && (
        <div className="open-elsewhere">
          <h3>Open for other stores of yours</h3>
          <ul role="list">
            {others.map((other) => (
              <li key={other.storeId}>
                <span>
                  {other.name}
                  <span className="soft small"> until {exactTime(other.until)}</span>
                </span>
                <CloseDatabase database={other} next={tabUrl(store.id, 'access')} label={`Close ${other.name}`}>
                  Close
                </CloseDatabase>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function CloseDatabase(props: {
  readonly database: OpenDatabaseView;
  /** Where it leads back to. */
  readonly next: string;
  /** Which one, for those who listen, where the button stands beside its name. */
  readonly label?: string;
  readonly children: ReactNode;
}) {
  return (
    <Form method="post" action={databaseUrl(props.database.storeId)}>
      <input type="hidden" name="intent" value="close" />
      <input type="hidden" name="next" value={props.next} />
      <Button type="submit" variant="default" aria-label={props.label}>
        {props.children}
      </Button>
    </Form>
  );
}

function wordsOf(limit: OpeningLimit, hasOthers: boolean): string {
  if (limit === 'customer') {
    return `phpMyAdmin is open for ${DATABASES_OPEN_OF_CUSTOMER} of your stores, and that is as many as may be at once. Close one of them below, then open this one.`;
  }
  const full = `This machine has phpMyAdmin open ${DATABASES_OPEN_AT_ALL} times, and that is as many as it can hold.`;
  return hasOthers
    ? `${full} Close one of yours below, or try again in a while.`
    : `${full} Each closes after two hours at the latest: try again in a while.`;
}
