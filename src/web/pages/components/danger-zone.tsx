import { Button } from '@mantine/core';
import { Form, Link, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { DangerRow } from './danger-row.tsx';

/** What closes or ends a store, in rising order, each with what happens. */
export function DangerZone({ store }: { readonly store: StoreView }) {
  const busy = useNavigation().state !== 'idle';
  const { status, suspension } = store;
  const canDelete = status === 'active' || status === 'suspended' || status === 'failed';
  return (
    <section className="card danger" aria-labelledby="danger-title">
      <h2 id="danger-title">Danger zone</h2>
      {status === 'active' && (
        <DangerRow
          title="Restart"
          more="Each part of your shop starts anew, one after the other. It is back within a minute or two; until then a visitor may see an error."
        >
          <Form method="post">
            <input type="hidden" name="section" value="restart" />
            <Button type="submit" variant="default" loading={busy}>
              Restart {store.name}
            </Button>
          </Form>
        </DangerRow>
      )}
      {status === 'active' && (
        <DangerRow
          title="Pause"
          more="Visitors see a friendly note, nothing of the shop runs, everything in it is kept. You open it again here."
        >
          <Form method="post">
            <input type="hidden" name="section" value="pause" />
            <Button type="submit" variant="default" loading={busy}>
              Pause {store.name}
            </Button>
          </Form>
        </DangerRow>
      )}
      {status === 'suspended' && (
        <DangerRow
          title="Open again"
          more={
            suspension?.by === 'operator'
              ? 'We have closed this store, so only we can open it again.'
              : 'Visitors get in again, and everything is as it was before.'
          }
        >
          {suspension?.by !== 'operator' && (
            <Form method="post">
              <input type="hidden" name="section" value="resume" />
              <Button type="submit" loading={busy}>
                Open {store.name} again
              </Button>
            </Form>
          )}
        </DangerRow>
      )}
      {canDelete ? (
        <DangerRow title="Delete" more="Closed at once, and gone for good after seven days in which you can undo it.">
          <Button component={Link} to={`/stores/${store.id}/delete`} variant="default" className="danger-button">
            Delete {store.name}
          </Button>
        </DangerRow>
      ) : (
        <p className="soft">There is nothing to close or to delete while the store is as it is.</p>
      )}
    </section>
  );
}
