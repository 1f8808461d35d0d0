import { Button } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { PasswordHolder } from '../../../domain/secrets.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import { isUnderWay } from '../words/changes.ts';
import { hasOwnFactor } from '../words/platforms.ts';
import { whyNotNow } from '../words/statuses.ts';
import { newPasswordUrl } from '../words/store-tabs.ts';
import { DangerRow } from './danger-row.tsx';

/** The passwords that its owner can have changed, each with what will not work any more. */
export function NewPasswords({ store }: { readonly store: StoreView }) {
  const busy = useNavigation().state !== 'idle';
  const whyNot = whyNotNow(store.status, store.run !== null && isUnderWay(store.run));
  const row = (whose: PasswordHolder, title: string, word: string, more: string) => (
    <DangerRow title={title} more={more}>
      <Form method="post" action={newPasswordUrl(store.id)}>
        <input type="hidden" name="whose" value={whose} />
        <Button type="submit" variant="default" disabled={whyNot !== null} loading={busy}>
          {word}
        </Button>
      </Form>
    </DangerRow>
  );
  return (
    <section className="card" aria-labelledby="new-passwords-title">
      <h2 id="new-passwords-title">New passwords</h2>
      <p className="soft card-lead">
        We make them, put them where they are needed, and write you that we did. Your shop stays open.
      </p>
      {whyNot !== null && <p className="soft small">{whyNot}</p>}
      {row(
        'admin',
        'Password of the administrator',
        'New administrator password',
        `Whoever is signed in to the administration as shopowner is signed out, and the old password opens nothing any more.${
          hasOwnFactor(store.platform) ? ' The second factor of that account is set up anew at the next sign-in.' : ''
        } Other accounts of your shop keep theirs.`,
      )}
      {row(
        'database',
        'Password of the database',
        'New database password',
        'Programs of your own inside the shop that have the old password written down, a plugin for instance, have to be told the new one. The shop itself knows it at once.',
      )}
    </section>
  );
}
