import { Button } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import type { ShopSettingsView } from '../../services/settings.ts';
import { isUnderWay } from '../words/changes.ts';
import { lookWords } from '../words/platforms.ts';

/** Visitors see a note while the owner works on the shop; where the shop has no such mode, why. */
export function MaintenanceSection(props: { readonly store: StoreView; readonly settings: ShopSettingsView }) {
  const { store, settings } = props;
  const busy = useNavigation().state !== 'idle' || (store.run?.kind === 'configure' && isUnderWay(store.run));
  const isOn = settings.now?.maintenance === 'on';
  // One whose image is older says nothing of it.
  const isOffered = settings.offered.includes('maintenance') && settings.now?.maintenance !== null;
  return (
    <section className="card stack" aria-labelledby="maintenance-title">
      <h2 id="maintenance-title">Maintenance</h2>
      {isOffered ? (
        <p className="soft">
          {isOn ? 'Visitors see a friendly note.' : 'Shows visitors a friendly note while you work on the shop.'}{' '}
          {lookWords(store.platform)} sees the shop as ever, and its administration is open.
          {!isOn && ' No order comes in meanwhile, and payment services are told to try again later.'}
        </p>
      ) : (
        <p className="soft">
          This shop was made before shops of its kind had such a mode. To close it altogether, pause it below.
        </p>
      )}
      {isOffered &&
        (store.status === 'active' ? (
          <Form method="post">
            <input type="hidden" name="section" value="maintenance" />
            <input type="hidden" name="maintenance" value={isOn ? 'off' : 'on'} />
            <Button type="submit" variant={isOn ? 'filled' : 'default'} loading={busy}>
              {isOn ? 'Let visitors in again' : 'Show visitors a note'}
            </Button>
          </Form>
        ) : (
          <p className="small soft">It can be switched while the store is open.</p>
        ))}
    </section>
  );
}
