import { Button } from '@mantine/core';
import { Form } from 'react-router';
import { ErrorSummary } from './error-summary.tsx';
import { Icon } from './icon.tsx';
import { usePasskey } from './use-passkey.ts';
import './passkey-form.css';

/** One button that shows a passkey in place of whatever else the page asks for. */
export function PasskeyForm(props: {
  readonly label: string;
  /** Where the question is asked for. */
  readonly ask: string;
  readonly hidden: Readonly<Record<string, string>>;
}) {
  const { send, isBusy, trouble } = usePasskey(props.ask, 'use');
  return (
    <Form
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
