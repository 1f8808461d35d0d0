import { NativeSelect, TextInput } from '@mantine/core';
import { TITLE_MAX } from '../../../domain/store-input.ts';
import type { Refusal } from '../request/form.ts';
import { placeOptions, type StartChoices } from '../words/shop-settings.ts';
import { fieldProps } from './field.ts';
import './settings-section.css';

const SELLS = 'Only where something is sold.';
const PLACES = [
  { name: 'country', label: 'Country of the shop', all: 'All countries', description: SELLS },
  { name: 'currency', label: 'Currency', all: 'All currencies', description: SELLS },
  {
    name: 'timezone',
    label: 'Time zone',
    all: 'All time zones',
    description: 'By which orders and posts are dated.',
  },
] as const;

/** What the shop begins with. Most people leave it, since all of it can be set later; open when something was said in it. */
export function ShopDetails(props: { readonly choices: StartChoices; readonly refusal: Refusal | undefined }) {
  const { choices, refusal } = props;
  const isOpen = ['title', 'locale', ...PLACES.map(({ name }) => name)].some(
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
        {PLACES.map(({ name, label, all, description }) => (
          <NativeSelect key={name} label={label} description={description} {...fieldProps(name, refusal)}>
            <option value="">{`As usual here: ${choices.usual[name]}`}</option>
            <optgroup
              label={all}
              // As markup, and kept where a browser calls a country by another name: of hundreds of lines there is one copy.
              dangerouslySetInnerHTML={{ __html: placeOptions(name, refusal?.values[name] ?? '') }}
              suppressHydrationWarning
            />
          </NativeSelect>
        ))}
        {choices.locale.length > 1 && (
          <NativeSelect
            label="Language"
            description="Where its platform can begin in it. Most begin in English, and get others later."
            data={[...choices.locale]}
            {...fieldProps('locale', refusal)}
          />
        )}
      </div>
    </details>
  );
}
