import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import './webhook-secret.css';

/** A signing secret, the one time that it is shown. */
export function WebhookSecret(props: { readonly title: string; readonly secret: string; readonly to: string }) {
  const { title, secret, to } = props;
  return (
    <div className="card stack">
      <h2>{title}</h2>
      <Notice icon="key" tone="waiting">
        <p>
          Put this signing secret where your program keeps its secrets. With it you see that a message is from us and
          not older than it says. It is not shown again; you can make a new one at any time.
        </p>
      </Notice>
      <div className="webhook-secret">
        <code>{secret}</code>
        <CopyButton text={secret} what="the signing secret" />
      </div>
      <div>
        <Button component={Link} to={to}>
          I have kept it
        </Button>
      </div>
    </div>
  );
}
