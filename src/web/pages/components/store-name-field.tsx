import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Refusal } from '../request/form.ts';
import { Icon } from './icon.tsx';
import { useNameAnswer } from './use-name-answer.ts';
import './store-name-field.css';

/** The store's name, with the address it will have and whether it can be had. Without scripts the form's answer says so. */
export function StoreNameField(props: { readonly refusal: Refusal | undefined; readonly hostSuffix: string }) {
  const { refusal, hostSuffix } = props;
  const refused = refusal?.values['store_name'] ?? '';
  const [typed, setTyped] = useState(refused);
  const answer = useNameAnswer(typed);
  const isTaken = answer !== undefined && !answer.available;
  // Once the live answer is there, or the name is another one, what the refused form said is old.
  const refusedWhy = answer === undefined && typed === refused ? refusal?.errors['store_name'] : undefined;
  return (
    <div className="name-field">
      <TextInput
        id="store_name"
        name="store_name"
        error={refusedWhy ?? isTaken}
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
          <strong>{answer?.name || typed.trim().toLowerCase() || 'your-name'}</strong>
          {hostSuffix}
        </span>
      </p>
      <p className="name-answer small" role="status" data-available={answer?.available}>
        {answer !== undefined && (isTaken ? answer.reason : 'This name is free.')}
      </p>
      {isTaken && answer.suggestions.length > 0 && (
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
