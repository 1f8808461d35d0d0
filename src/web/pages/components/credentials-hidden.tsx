import { Button, PasswordInput } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import type { Refusal } from '../request/form.ts';
import { credentialNames } from '../words/credentials.ts';
import { AdminNotes } from './admin-notes.tsx';
import { CredentialList } from './credential-list.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { fieldProps, SHOW_PASSWORD } from './field.ts';
import { Icon } from './icon.tsx';

/** Always as long, whatever is behind it. */
const MASK = '••••••••••••';

/** All but the passwords, and the button that shows those too. */
export function CredentialsHidden(props: {
  readonly store: StoreView;
  readonly adminNotes: readonly string[];
  readonly email: string;
  readonly needsPassword: boolean;
  readonly refusal: Refusal | undefined;
}) {
  const busy = useNavigation().state !== 'idle';
  const { store, adminNotes, email, needsPassword, refusal } = props;
  return (
    <div className="card stack">
      <CredentialList groups={credentialNames(store.adminUrl)} behind={<HiddenPassword />} />
      <AdminNotes notes={adminNotes} />
      <Form method="post" className="stack" aria-label="Show the credentials">
        <ErrorSummary refusal={refusal} />
        {/* Tells password managers whose password is meant. */}
        {needsPassword && <input type="text" autoComplete="username" value={email} readOnly={true} hidden={true} />}
        {needsPassword && (
          <PasswordInput
            {...fieldProps('password', refusal)}
            label="Your password for ShopHosting"
            description="Your login is older than five minutes, so we ask once more."
            autoComplete="current-password"
            visibilityToggleButtonProps={SHOW_PASSWORD}
            required
          />
        )}
        <div>
          <Button type="submit" loading={busy} leftSection={<Icon name="key" />}>
            Show the credentials
          </Button>
        </div>
      </Form>
    </div>
  );
}

function HiddenPassword() {
  return (
    <div>
      <dt>Password</dt>
      <dd>
        <span aria-hidden="true">{MASK}</span>
        <span className="unseen">hidden</span>
      </dd>
    </div>
  );
}
