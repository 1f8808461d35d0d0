import { NativeSelect, TextInput } from '@mantine/core';
import { TITLE_MAX } from '../../../domain/store-input.ts';
import type { Refusal } from '../request/form.ts';
import type { ShopChoices } from '../words/shop-settings.ts';
import { fieldProps } from './field.ts';
import './settings-section.css';

const SELLS = 'Only where something is sold.';
const LISTS = [
  { name: 'country', label: 'Country of the shop', description: SELLS },
  { name: 'currency', label: 'Currency', description: SELLS },
  { name: 'timezone', label: 'Time zone', description: 'By which orders and posts are dated.' },
  {
    name: 'locale',
    label: 'Language',
    description: 'Where its platform can begin in it. Most begin in English, and get others later.',
  },
] as const;

/** What the shop begins with. Most people leave it, since all of it can be set later; open when something was said in it. */
export function ShopDetails(props: { readonly choices: ShopChoices; readonly refusal: Refusal | undefined }) {
  const { choices, refusal } = props;
  const isOpen = ['title', ...LISTS.map(({ name }) => name)].some(
    (name) => refusal?.errors[name] !== undefined || (refusal?.values[name] ?? '') !== '',
  );
  return (
    <details className="more" open={isOpen || undefined}>
      <summary>
        <span>
          Shop details <span className="soft small">can be changed later, too</span>
        </span>
      </summary>
      <div className="settings-fields">
        <TextInput
          {...fieldProps('title', refusal)}
          label="Title"
          description="What your shop calls itself. Its name, if you leave this empty."
          autoComplete="off"
          maxLength={TITLE_MAX}
        />
        {LISTS.filter(({ name }) => choices[name].length > 1).map(({ name, label, description }) => (
          <NativeSelect
            key={name}
            label={label}
            description={description}
            data={[...choices[name]]}
            {...fieldProps(name, refusal)}
          />
        ))}
      </div>
    </details>
  );
}
