import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { PasswordLook } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import { passwordInWords } from '../words/password.ts';
import { fieldProps, SHOW_PASSWORD } from './field.ts';
import { usePasswordAnswer } from './use-password-answer.ts';
import './new-password-field.css';

const NOTHING: PasswordLook = { password: '', email: '', storeName: '' };

/**
 * A new password, and in words how good it is: at once what can be seen from it, and after a pause what the judge says, who
 * also looks at `email`, or at the address and the name that stand in the same form. Without scripts the form's answer says so.
 */
export function NewPasswordField(props: {
  readonly label?: string;
  readonly email?: string;
  readonly refusal: Refusal | undefined;
}) {
  const { label = 'Password', email, refusal } = props;
  const [look, setLook] = useState(NOTHING);
  const seen = passwordInWords(look.password);
  const verdict = usePasswordAnswer(seen?.isAccepted ? look : undefined) ?? seen;
  return (
    <div>
      <PasswordInput
        {...fieldProps('password', refusal)}
        label={label}
        description="At least 12 characters. A few words in a row are good; pasting is welcome."
        autoComplete="new-password"
        visibilityToggleButtonProps={SHOW_PASSWORD}
        onChange={({ currentTarget: { value, form } }) =>
          setLook({ password: value, email: email ?? textIn(form, 'email'), storeName: textIn(form, 'store_name') })
        }
        required
      />
      <p className="password-verdict small" role="status" data-accepted={verdict?.isAccepted}>
        {/* Said beside the field already. */}
        {verdict?.sentence !== refusal?.errors['password'] && verdict?.sentence}
      </p>
    </div>
  );
}

function textIn(form: HTMLFormElement | null, name: string): string {
  const value = form === null ? null : new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}
