import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Refusal } from '../request/form.ts';
import { fieldProps } from './field.ts';
import { Icon } from './icon.tsx';
import { useNameAnswer } from './use-name-answer.ts';
import './store-name-field.css';

/** The store's name, with the address it will have and whether it can be had. Without scripts the form's answer says so. */
export function StoreNameField(props: { readonly refusal: Refusal | undefined; readonly hostSuffix: string }) {
  const { defaultValue = '', ...field } = fieldProps('store_name', props.refusal);
  const [typed, setTyped] = useState(defaultValue);
  const answer = useNameAnswer(typed);
  return (
    <div className="name-field">
      <TextInput
        {...field}
        label="Store name"
        description="3 to 40 letters, digits and hyphens. It becomes the address."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        required
      />
      <p className="name-preview small soft">
        <Icon name="world" />
        <span>
          <strong>{answer?.name ?? (typed.trim().toLowerCase() || 'your-name')}</strong>
          {props.hostSuffix}
        </span>
      </p>
      <p className="name-answer small" role="status" data-available={answer?.available}>
        {answer !== undefined && typed.trim() !== '' && (answer.available ? 'This name is free.' : answer.reason)}
      </p>
      {answer !== undefined && !answer.available && answer.suggestions.length > 0 && (
        <p className="name-suggestions small">
          <span>Free:</span>
          {answer.suggestions.map((name) => (
            <button key={name} type="button" onClick={() => setTyped(name)}>
              {name}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
