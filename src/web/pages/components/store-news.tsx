import { Button } from '@mantine/core';
import { Form } from 'react-router';
import { SECOND } from '../../../lib/time.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import { changeNews, isHeldBack } from '../words/changes.ts';
import { exactTime } from '../words/durations.ts';
import { useSupport } from './answer-facts.ts';
import { Icon } from './icon.tsx';
import { Notice } from './notice.tsx';
import { useFreshLooks } from './use-fresh-looks.ts';

const LOOK_AGAIN_MS = 2 * SECOND;
/** Without scripts. */
const REFRESH_SECONDS = 5;

/** What is being done with a store right now, why it is closed, and until when its deletion can be undone. */
export function StoreNews({ store }: { readonly store: StoreView }) {
  const news = changeNews(store);
  const isMoving = news?.tone === 'busy';
  useFreshLooks(isMoving, LOOK_AGAIN_MS);
  return (
    <div className="store-news" role="status">
      {isMoving && (
        <noscript>
          <meta httpEquiv="refresh" content={String(REFRESH_SECONDS)} />
        </noscript>
      )}
      {news !== null && (
        <Notice icon={isMoving ? 'running' : 'alert'} tone={news.tone === 'bad' ? 'bad' : 'waiting'}>
          <p>
            <strong>{news.sentence}</strong> {news.more}
          </p>
        </Notice>
      )}
      {store.status === 'active' && store.inMaintenance && <InMaintenance />}
      {store.status === 'suspended' && <WhyClosed store={store} />}
      {store.deletion !== undefined && <Undo store={store} dueAt={store.deletion.dueAt} isMoving={isMoving} />}
    </div>
  );
}

function InMaintenance() {
  return (
    <Notice icon="paused" tone="waiting">
      <p>
        Visitors see a note instead of your shop; its administration is open. Let visitors in again under{' '}
        <strong>Settings</strong>.
      </p>
    </Notice>
  );
}

function WhyClosed({ store: { suspension } }: { readonly store: StoreView }) {
  const support = useSupport();
  if (suspension === undefined) return null;
  return (
    <Notice icon="paused" tone="waiting">
      {suspension.by === 'owner' ? (
        <p>
          You have paused this store. Open it again under <strong>Settings</strong>.
        </p>
      ) : (
        <p>
          <strong>We have closed this store.</strong> {suspension.text} Only we can open it again.
          {support !== null && (
            <>
              {' '}
              Write to us, and we will find a way: <a href={`mailto:${support}`}>{support}</a>.
            </>
          )}
        </p>
      )}
    </Notice>
  );
}

function Undo(props: { readonly store: StoreView; readonly dueAt: string; readonly isMoving: boolean }) {
  const { store, dueAt, isMoving } = props;
  return (
    <Notice icon="clock" tone="bad">
      {isHeldBack(store) ? (
        <p>
          <strong>This store is kept, since you wanted it back.</strong> Nothing of it is deleted. Try once more to undo
          the deletion.
        </p>
      ) : (
        <p>
          <strong>
            This store goes for good on <time dateTime={dueAt}>{exactTime(dueAt)}</time>.
          </strong>{' '}
          Until then its name, its domains and everything in it are kept.
        </p>
      )}
      {!isMoving && (
        <Form method="post" action={`/stores/${store.id}/undo-delete`}>
          <Button type="submit" variant="default" leftSection={<Icon name="retry" />}>
            Undo the deletion
          </Button>
        </Form>
      )}
    </Notice>
  );
}
