import { Button } from '@mantine/core';
import { Form } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { exactTime } from '../words/durations.ts';
import { databaseUrl } from '../words/store-tabs.ts';
import { Icon } from './icon.tsx';

/** The way into the store's database, and out of it again. */
export function OpenDatabase({ store, openUntil }: { readonly store: StoreView; readonly openUntil: string | null }) {
  return (
    <section className="card stack" aria-labelledby="open-database-title">
      <h2 id="open-database-title">Look into the database</h2>
      <p className="soft">
        phpMyAdmin for the database of your store, signed in by itself. It closes after two hours, when you log out, or
        here. Keep its address to yourself, and change nothing that you do not understand: your shop works with it.
      </p>
      {openUntil !== null && (
        <p role="status">
          Open until <time dateTime={openUntil}>{exactTime(openUntil)}</time>. Opening it anew closes the one before.
        </p>
      )}
      <div className="row">
        {/* A whole page of another program, and none of this one. */}
        <Form method="post" action={databaseUrl(store.id)} reloadDocument={true}>
          <Button type="submit" disabled={store.status !== 'active'} leftSection={<Icon name="external" />}>
            Open phpMyAdmin
          </Button>
        </Form>
        {openUntil !== null && (
          <Form method="post" action={databaseUrl(store.id)}>
            <input type="hidden" name="intent" value="close" />
            <Button type="submit" variant="default">
              Close phpMyAdmin
            </Button>
          </Form>
        )}
      </div>
    </section>
  );
}
