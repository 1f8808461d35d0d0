import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import type { ShopSettingsView } from '../../services/settings.ts';
import type { Refusal } from '../request/form.ts';
import { isUnderWay } from '../words/changes.ts';
import type { ShopChoices } from '../words/shop-settings.ts';
import { fieldProps } from './field.ts';
import './settings-section.css';

const LISTS = [
  { name: 'timezone', label: 'Time zone' },
  { name: 'locale', label: 'Language' },
  { name: 'country', label: 'Country of the shop' },
  { name: 'currency', label: 'Currency' },
] as const;

/** What the shop is called, where it stands and what it speaks and takes. */
export function ShopSettingsSection(props: {
  readonly store: StoreView;
  readonly settings: ShopSettingsView;
  readonly choices: ShopChoices;
  readonly refusal: Refusal | undefined;
}) {
  const { store, settings, choices, refusal } = props;
  const { offered, now } = settings;
  const busy = useNavigation().state !== 'idle' || (store.run?.kind === 'configure' && isUnderWay(store.run));
  return (
    <section className="card stack" aria-labelledby="shop-title">
      <h2 id="shop-title">Shop</h2>
      <p className="soft">
        Only what you change here is set in your shop. What you change in its own administration stays as you left it.
      </p>
      <Form method="post" className="stack">
        <input type="hidden" name="section" value="shop" />
        <div className="settings-fields">
          <TextInput
            key={now?.title ?? store.title}
            label="Title"
            defaultValue={now?.title ?? store.title}
            {...fieldProps('title', refusal)}
          />
          {LISTS.filter(({ name }) => offered.includes(name)).map(({ name, label }) => (
            <NativeSelect
              key={`${name} ${now?.[name] ?? ''}`}
              label={label}
              data={[...choices[name]]}
              defaultValue={now?.[name] ?? ''}
              {...fieldProps(name, refusal)}
            />
          ))}
        </div>
        {offered.includes('locale') && (
          <p className="small soft">
            Only languages whose texts are installed in your shop are offered. Others can be installed in its
            administration, where it has the internet; save here once afterwards, and they are in the list.
          </p>
        )}
        {store.status === 'active' ? (
          <div>
            <Button type="submit" loading={busy}>
              Save the shop's settings
            </Button>
          </div>
        ) : (
          <p className="small soft">They can be changed while the store is open.</p>
        )}
      </Form>
    </section>
  );
}
