import { Button, PasswordInput } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { Refusal } from '../request/form.ts';
import { ErrorSummary } from './error-summary.tsx';
import { fieldProps, SHOW_PASSWORD } from './field.ts';

/** The password once more, as the proof that a step-up asks for. */
export function PasswordProof(props: {
  readonly next: string;
  readonly email: string;
  readonly refusal: Refusal | undefined;
}) {
  const busy = useNavigation().state !== 'idle';
  const { next, email, refusal } = props;
  return (
    <Form method="post" className="card stack" aria-label="Give your password">
      <ErrorSummary refusal={refusal} />
      <input type="hidden" name="proof" value="password" />
      <input type="hidden" name="next" value={next} />
      {/* Tells password managers whose password is meant. */}
      <input type="text" autoComplete="username" value={email} readOnly={true} hidden={true} />
      <PasswordInput
        {...fieldProps('password', refusal)}
        label="Your password for ShopHosting"
        description={`You are signed in as ${email}.`}
        autoComplete="current-password"
        visibilityToggleButtonProps={SHOW_PASSWORD}
        required
      />
      <Button type="submit" loading={busy}>
        Confirm
      </Button>
    </Form>
  );
}
