import { TextInput } from '@mantine/core';
import { WEBHOOK_EVENT_NAMES, WEBHOOK_EVENTS } from '../../../domain/webhooks.ts';
import type { Refusal } from '../request/form.ts';
import { AccountForm } from './account-form.tsx';
import { fieldProps } from './field.ts';
import './webhook-form.css';

const LONGEST_NAME = 64;
const LONGEST_URL = 1000;

/** Name, address and events of a webhook; with `known`, as they are now. */
export function WebhookForm(props: {
  readonly label: string;
  readonly button: string;
  readonly known: { readonly name: string; readonly url: string; readonly events: readonly string[] };
  readonly back: string;
  readonly refusal: Refusal | undefined;
}) {
  const { label, button, known, back, refusal } = props;
  const chosen = refusal === undefined ? known.events : (refusal.values['events'] ?? '').split(' ');
  const eventsError = refusal?.errors['events'];
  return (
    <AccountForm label={label} button={button} leave={{ to: back, label: 'Cancel' }} refusal={refusal}>
      <TextInput
        label="Name"
        description="For yourself, so that you know it again"
        required={true}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        defaultValue={known.name}
        {...fieldProps('name', refusal)}
      />
      <TextInput
        label="Address"
        description="Begins with https://, on a host that the internet knows"
        type="url"
        required={true}
        maxLength={LONGEST_URL}
        autoComplete="off"
        spellCheck={false}
        defaultValue={known.url}
        {...fieldProps('url', refusal)}
      />
      <fieldset
        id="events"
        className="plain-fieldset webhook-events"
        aria-describedby={eventsError === undefined ? undefined : 'events-error'}
      >
        <legend>What it is told of</legend>
        {eventsError !== undefined && (
          <p id="events-error" className="field-error">
            {eventsError}
          </p>
        )}
        {WEBHOOK_EVENT_NAMES.map((event) => (
          <label key={event}>
            <input type="checkbox" name="events" value={event} defaultChecked={chosen.includes(event)} />
            <span>
              <code>{event}</code>
              <br />
              <span className="soft small">{WEBHOOK_EVENTS[event]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </AccountForm>
  );
}
