import { Button, NativeSelect } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import { PAGE_LIFETIME_NAMES, type PageLifetime } from '../../../domain/page-cache.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import type { PageCacheView } from '../../services/settings.ts';
import type { Refusal } from '../request/form.ts';
import { fieldProps } from './field.ts';
import './settings-section.css';

const LIFETIMES: Readonly<Record<PageLifetime, string>> = {
  '1m': 'a minute',
  '10m': '10 minutes',
  '1h': 'an hour',
  '1d': 'a day',
};

/** Visitors without a cart or an account are shown kept pages; where none are kept, why. */
export function PageCacheSection(props: {
  readonly store: StoreView;
  readonly cache: PageCacheView;
  readonly refusal: Refusal | undefined;
}) {
  const { store, cache, refusal } = props;
  const busy = useNavigation().state !== 'idle';
  const isOn = cache.pageCache === 'on';
  return (
    <section className="card stack" aria-labelledby="page-cache-title">
      <div className="row settings-head">
        <h2 id="page-cache-title">Page cache</h2>
        {isOn && cache.kept === 'at-the-edge' && (
          <Form method="post">
            <input type="hidden" name="section" value="page-cache-purge" />
            <Button type="submit" variant="default" loading={busy}>
              Empty it now
            </Button>
          </Form>
        )}
      </div>
      <p className="soft">{wordsFor(cache)}</p>
      {cache.kept === 'at-the-edge' && (
        <Form method="post" className="stack">
          <input type="hidden" name="section" value="page-cache" />
          <div className="settings-fields">
            <NativeSelect
              label="Visitors are shown kept pages"
              data={[
                { value: 'on', label: 'Yes' },
                { value: 'off', label: 'No, the shop makes each one' },
              ]}
              defaultValue={cache.pageCache}
              {...fieldProps('pageCache', refusal)}
            />
            <NativeSelect
              label="A page is kept for"
              description="At most: what changes in the shop shows at once"
              data={PAGE_LIFETIME_NAMES.map((value) => ({ value, label: LIFETIMES[value] }))}
              defaultValue={cache.lifetime}
              {...fieldProps('pageLifetime', refusal)}
            />
          </div>
          <div>
            <Button type="submit" loading={busy} aria-label={`Save the page cache of ${store.name}`}>
              Save
            </Button>
          </div>
        </Form>
      )}
    </section>
  );
}

function wordsFor({ kept }: PageCacheView): string {
  if (kept === 'by-the-shop') return 'This shop keeps its pages itself, by rules of its own.';
  if (kept === 'nowhere') return 'No pages are kept here at the moment: the shop makes each one.';
  return 'A page that is the same for everybody is made once and shown from memory to visitors who have nothing in a cart and are not signed in. What you change in the shop shows at once.';
}
