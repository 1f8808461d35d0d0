import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Form, useNavigate } from 'react-router';
import { SECOND } from '../../../lib/time.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import type { Credentials } from '../../../stores/read-credentials.ts';
import { credentialGroups, credentialsAsText } from '../words/credentials.ts';
import { AdminNotes } from './admin-notes.tsx';
import { CopyButton } from './copy-button.tsx';
import { CredentialList } from './credential-list.tsx';
import { CredentialsHidden } from './credentials-hidden.tsx';

const SHOWN_MS = 30 * SECOND;

/** The credentials in full, for half a minute; without scripts until the page is left. */
export function CredentialsShown({
  credentials,
  store,
  adminNotes,
  email,
}: {
  readonly credentials: Credentials;
  readonly store: StoreView;
  readonly adminNotes: readonly string[];
  readonly email: string;
}) {
  const leftMs = useCountdown(credentials);
  const navigate = useNavigate();
  const isOver = leftMs <= 0;
  // Also out of the page's memory: the same page without what the form answered.
  useEffect(() => {
    if (isOver) void navigate('.', { replace: true });
  }, [isOver, navigate]);
  if (isOver) {
    return (
      <CredentialsHidden
        store={store}
        adminNotes={adminNotes}
        email={email}
        needsPassword={false}
        refusal={undefined}
      />
    );
  }
  return (
    <div className="card stack">
      <CredentialList groups={credentialGroups(credentials)} />
      <AdminNotes notes={adminNotes} />
      <div className="row">
        <CopyButton text={credentialsAsText(credentials)} what="all credentials" label="Copy all" />
        <Form method="get" className="needs-script">
          <Button type="submit" variant="default" size="sm">
            Hide
          </Button>
        </Form>
        <p className="small soft needs-script">Hidden again in {Math.ceil(leftMs / SECOND)} s.</p>
      </div>
    </div>
  );
}

function useCountdown(credentials: Credentials): number {
  const [leftMs, setLeftMs] = useState(SHOWN_MS);
  useEffect(() => {
    const shownAt = performance.now();
    const timer = setInterval(() => setLeftMs(SHOWN_MS - (performance.now() - shownAt)), SECOND / 4);
    return () => clearInterval(timer);
  }, [credentials]);
  return leftMs;
}
