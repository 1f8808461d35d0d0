import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Form, Link, useNavigation } from 'react-router';
import type { Refusal } from '../request/form.ts';
import { ErrorSummary } from './error-summary.tsx';

/** A form about the account: what it is for, what was wrong, its fields, and the button that sends it. */
export function AccountForm(props: {
  readonly label: string;
  /** Where the heading says more than the form is called. */
  readonly heading?: string;
  readonly button: string;
  /** The way out that changes nothing. */
  readonly leave?: { readonly to: string; readonly label: string };
  readonly refusal?: Refusal | undefined;
  readonly children: ReactNode;
}) {
  const { label, heading = label, button, leave, refusal } = props;
  const busy = useNavigation().state !== 'idle';
  return (
    <Form method="post" className="card stack" aria-label={label}>
      <h2>{heading}</h2>
      <ErrorSummary refusal={refusal} />
      {props.children}
      <div className="row">
        <Button type="submit" loading={busy}>
          {button}
        </Button>
        {leave !== undefined && (
          <Button component={Link} to={leave.to} variant="default">
            {leave.label}
          </Button>
        )}
      </div>
    </Form>
  );
}
