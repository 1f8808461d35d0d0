import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { Refusal } from '../request/form.ts';
import { passwordInWords } from '../words/password.ts';
import { fieldProps, SHOW_PASSWORD } from './field.ts';
import './new-password-field.css';

/** A new password, and in words how good it is. Without scripts the form's answer says so. */
export function NewPasswordField(props: { readonly label?: string; readonly refusal: Refusal | undefined }) {
  const { label = 'Password', refusal } = props;
  const [typed, setTyped] = useState('');
  const verdict = passwordInWords(typed);
  return (
    <div>
      <PasswordInput
        {...fieldProps('password', refusal)}
        label={label}
        description="At least 12 characters. A few words in a row are good; pasting is welcome."
        autoComplete="new-password"
        visibilityToggleButtonProps={SHOW_PASSWORD}
        onChange={(event) => setTyped(event.currentTarget.value)}
        required
      />
      <p className="password-verdict small" role="status" data-accepted={verdict?.isAccepted}>
        {verdict?.sentence}
      </p>
    </div>
  );
}
