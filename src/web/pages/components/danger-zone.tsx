import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Form, Link, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import { DangerRow } from './danger-row.tsx';

/** What closes or ends a store, in rising order, each with what happens. */
export function DangerZone({ store }: { readonly store: StoreView }) {
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
          <SectionButton section="restart" variant="default">
            Restart {store.name}
          </SectionButton>
        </DangerRow>
      )}
      {status === 'active' && (
        <DangerRow
          title="Pause"
          more="Visitors see a friendly note, nothing of the shop runs, everything in it is kept. You open it again here."
        >
          <SectionButton section="pause" variant="default">
            Pause {store.name}
          </SectionButton>
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
          {suspension?.by !== 'operator' && <SectionButton section="resume">Open {store.name} again</SectionButton>}
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

/** A form of its own, of which the page's action is told by `section`. */
function SectionButton(props: {
  readonly section: 'restart' | 'pause' | 'resume';
  readonly variant?: 'default';
  readonly children: ReactNode;
}) {
  const { section, variant = 'filled', children } = props;
  const busy = useNavigation().state !== 'idle';
  return (
    <Form method="post">
      <input type="hidden" name="section" value={section} />
      <Button type="submit" variant={variant} loading={busy}>
        {children}
      </Button>
    </Form>
  );
}
