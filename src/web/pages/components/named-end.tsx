import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Form, Link, useNavigation } from 'react-router';
import type { Refusal } from '../request/form.ts';
import { ErrorSummary } from './error-summary.tsx';
import { fieldProps } from './field.ts';
import './danger-row.css';

/** The end of a store: what goes, its name to be typed, and the way back, which has the focus. */
export function NamedEnd(props: {
  readonly name: string;
  /** What happens, as the button says it. */
  readonly act: string;
  /** Where it stays as it is. */
  readonly back: string;
  readonly refusal: Refusal | undefined;
  /** What goes. */
  readonly children: ReactNode;
}) {
  const { name, act, back, refusal } = props;
  const busy = useNavigation().state !== 'idle';
  return (
    <Form method="post" className="card danger stack" aria-label={act}>
      <ErrorSummary refusal={refusal} />
      {props.children}
      <TextInput
        {...fieldProps('name', refusal)}
        label={`Type ${name} to go on`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required={true}
      />
      <div className="row">
        <Button component={Link} to={back} variant="default" autoFocus={true}>
          Keep it
        </Button>
        <Button type="submit" variant="default" className="danger-button" loading={busy}>
          {act}
        </Button>
      </div>
    </Form>
  );
}
