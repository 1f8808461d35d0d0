import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { Form, Link, useNavigation } from 'react-router';
import type { StoreMailSettings } from '../../../domain/store-mail.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import type { MailTrafficView } from '../../services/settings.ts';
import type { Refusal } from '../request/form.ts';
import { exactTime } from '../words/durations.ts';
import { fieldProps, SHOW_PASSWORD } from './field.ts';
import './settings-section.css';

const TLS_CHOICES = [
  { value: 'starttls', label: 'STARTTLS (port 587)' },
  { value: 'implicit', label: 'TLS from the start (port 465)' },
  { value: 'none', label: 'None, without a password only' },
];

/** Whom the shop's mail is from, and by which server it leaves. */
export function StoreMailSection(props: {
  readonly store: StoreView;
  readonly mail: StoreMailSettings;
  readonly traffic: MailTrafficView;
  readonly refusal: Refusal | undefined;
  /** Where the password is to be given first; undefined when that was just done. */
  readonly proofUrl: string | undefined;
}) {
  const { store, mail, traffic, refusal, proofUrl } = props;
  const { server } = mail;
  const busy = useNavigation().state !== 'idle';
  const way = refusal?.values['way'] ?? (server === null ? 'platform' : 'own');
  return (
    <section className="card stack" aria-labelledby="mail-title">
      <div className="row settings-head">
        <h2 id="mail-title">Mail of the shop</h2>
        {store.status === 'active' && (
          <Form method="post">
            <input type="hidden" name="section" value="mail-test" />
            <Button type="submit" variant="default" loading={busy}>
              Send me a test
            </Button>
          </Form>
        )}
      </div>
      <p className="soft">
        Orders, sign-ups, new passwords: what the shop writes to its customers and to you.{' '}
        {server === null ? 'It leaves by our mail server' : `It leaves by ${server.host} as ${server.from}`},{' '}
        {traffic.perHour} mails an hour at most.
      </p>
      {traffic.heldUntil !== null && (
        <p role="status">
          This hour’s mails are sent. The next ones leave at{' '}
          <time dateTime={traffic.heldUntil}>{exactTime(traffic.heldUntil)}</time>; {traffic.waiting} wait.
        </p>
      )}
      {proofUrl === undefined ? (
        <Form method="post" className="stack">
          <input type="hidden" name="section" value="mail" />
          <div className="settings-fields">
            <TextInput
              label="Name of the sender"
              description="Empty: what the shop calls itself"
              defaultValue={mail.senderName ?? ''}
              {...fieldProps('senderName', refusal)}
            />
            <TextInput
              label="Answers go to"
              description="Empty: where the shop says"
              type="email"
              defaultValue={mail.replyTo ?? ''}
              {...fieldProps('replyTo', refusal)}
            />
          </div>
          <fieldset className="settings-ways stack">
            <legend>Which way it leaves</legend>
            <label className="settings-way">
              <input type="radio" name="way" value="platform" defaultChecked={way === 'platform'} />
              <span>By our mail server, in the name of the shop</span>
            </label>
            <label className="settings-way">
              <input type="radio" name="way" value="own" defaultChecked={way === 'own'} />
              <span>By a mail server of my own, which the fields below are for</span>
            </label>
            <div className="settings-fields">
              <TextInput
                label="From"
                description="An address that the server lets you send as"
                type="email"
                defaultValue={server?.from ?? ''}
                {...fieldProps('from', refusal)}
              />
              <TextInput
                label="Server"
                description="Its name, like smtp.example.com"
                autoCapitalize="none"
                spellCheck={false}
                defaultValue={server?.host ?? ''}
                {...fieldProps('host', refusal)}
              />
              <TextInput
                label="Port"
                description="587, 465, 25 or 2525"
                inputMode="numeric"
                defaultValue={String(server?.port ?? 587)}
                {...fieldProps('port', refusal)}
              />
              <NativeSelect
                label="Encryption"
                description="How the way there is kept secret"
                data={TLS_CHOICES}
                defaultValue={server?.tls ?? 'starttls'}
                {...fieldProps('tls', refusal)}
              />
              <TextInput
                label="User"
                description="Empty: it asks nobody who they are"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                defaultValue={server?.user ?? ''}
                {...fieldProps('user', refusal)}
              />
              <PasswordInput
                label="Password"
                description="Empty: the one that was given for this user"
                autoComplete="new-password"
                visibilityToggleButtonProps={SHOW_PASSWORD}
                {...fieldProps('password', refusal)}
              />
            </div>
          </fieldset>
          <div>
            <Button type="submit" loading={busy}>
              Save how mail leaves
            </Button>
          </div>
        </Form>
      ) : (
        <div>
          <Button component={Link} to={proofUrl} variant="default">
            Change how mail leaves
          </Button>
          <p className="small soft">
            Your password is asked for first, since a password of another server is kept here.
          </p>
        </div>
      )}
    </section>
  );
}
