import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';

/** What was just made and is never shown again. */
export function NewToken(props: { readonly secret: string; readonly name: string; readonly expiresAt: string }) {
  const { secret, name, expiresAt } = props;
  return (
    <div className="card stack">
      <h2>Your new token: {name}</h2>
      <Notice icon="key" tone="waiting">
        <p>Keep it where you keep your passwords. It is not shown again. It works until {expiresAt.slice(0, 10)}.</p>
      </Notice>
      <p>
        <code className="token-secret">{secret}</code>
      </p>
      <div className="row">
        <CopyButton text={secret} what="the token" />
        <Button component={Link} to="/account/tokens">
          I have kept it
        </Button>
      </div>
    </div>
  );
}
