import { Button, TextInput } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { Refusal } from '../request/form.ts';
import { ErrorSummary } from './error-summary.tsx';
import { fieldProps } from './field.ts';

/** One field for the code of an authenticator app or a recovery code: whichever it is, it is told apart by its look. */
export function CodeForm(props: {
  readonly label: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly button: string;
  /** Has the account an app? Else only recovery codes are left. */
  readonly canBeOfApp: boolean;
  readonly refusal: Refusal | undefined;
}) {
  const busy = useNavigation().state !== 'idle';
  const { label, hidden, button, canBeOfApp, refusal } = props;
  return (
    <Form method="post" className="card stack" aria-label={label}>
      <ErrorSummary refusal={refusal} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextInput
        {...fieldProps('code', refusal)}
        label={canBeOfApp ? 'Code' : 'Recovery code'}
        description={
          canBeOfApp
            ? 'The six digits that your authenticator app shows now. If you have lost it: one of your recovery codes.'
            : 'One of the codes that you kept when you added your passkey.'
        }
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        // Who has no app comes with a passkey, and with a code only when that is lost.
        autoFocus={canBeOfApp}
        required
      />
      <Button type="submit" loading={busy}>
        {button}
      </Button>
    </Form>
  );
}
