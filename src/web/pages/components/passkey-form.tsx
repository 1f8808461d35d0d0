import { Button } from '@mantine/core';
import { useRef } from 'react';
import { Form } from 'react-router';
import { ErrorSummary } from './error-summary.tsx';
import { Icon } from './icon.tsx';
import { usePasskey, usePasskeyOffer } from './use-passkey.ts';
import './passkey-form.css';

/** One button that shows a passkey in place of whatever else the page asks for. */
export function PasskeyForm(props: {
  readonly label: string;
  /** Where the question is asked for. */
  readonly ask: string;
  readonly hidden: Readonly<Record<string, string>>;
  /** Also beside the field of the page that is marked `webauthn`, before anybody presses the button. */
  readonly isOffered?: boolean;
}) {
  const { send, isBusy, trouble } = usePasskey(props.ask, 'use');
  const form = useRef<HTMLFormElement>(null);
  usePasskeyOffer(props.ask, form, isBusy || props.isOffered !== true);
  return (
    <Form
      ref={form}
      method="post"
      className="card stack passkey-form"
      aria-label={props.label}
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget);
      }}
    >
      <ErrorSummary refusal={trouble} />
      {Object.entries(props.hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <noscript>
        <p className="soft">Passkeys need JavaScript, which is switched off in this browser.</p>
      </noscript>
      <Button
        type="submit"
        className="needs-script"
        variant="default"
        loading={isBusy}
        leftSection={<Icon name="key" />}
      >
        Use a passkey
      </Button>
    </Form>
  );
}
