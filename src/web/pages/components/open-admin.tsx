import { Button } from '@mantine/core';
import { Form } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { openAdminWords } from '../words/platforms.ts';
import { whyNoWayIn } from '../words/statuses.ts';
import { openAdminUrl } from '../words/store-tabs.ts';
import { Icon } from './icon.tsx';
import './open-admin.css';

/** The way into the administration without a password. */
export function OpenAdmin({ store }: { readonly store: StoreView }) {
  const closed = whyNoWayIn(store.status);
  return (
    <section className="card stack" aria-labelledby="open-admin-title">
      <h2 id="open-admin-title">Open admin</h2>
      <p className="soft">
        Signs you in without a password, once: the way in is open for a minute, for this browser, and is written down.{' '}
        {openAdminWords(store.platform)}
      </p>
      <div className="row">
        {/* A whole page, not a part of this one: only that page may lead to the shop. */}
        <Form method="post" action={openAdminUrl(store.id)} reloadDocument={true}>
          <Button type="submit" disabled={closed !== null} leftSection={<Icon name="external" />}>
            Open admin
          </Button>
        </Form>
        <Form method="post" action={openAdminUrl(store.id)}>
          <input type="hidden" name="intent" value="revoke" />
          <Button type="submit" variant="default" disabled={closed !== null}>
            Take back an unused link
          </Button>
        </Form>
      </div>
      {closed !== null && <p className="soft small">{closed}</p>}
    </section>
  );
}
