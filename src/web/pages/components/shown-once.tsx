import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import './shown-once.css';

/** A secret that was just made, the one time that it is shown. */
export function ShownOnce(props: {
  readonly title: string;
  readonly secret: string;
  /** What it is, for those who listen. */
  readonly what: string;
  readonly to: string;
  /** What it is good for, and that it is not shown again. */
  readonly children: ReactNode;
}) {
  const { title, secret, what, to } = props;
  return (
    <div className="card stack">
      <h2>{title}</h2>
      <Notice icon="key" tone="waiting">
        <p>{props.children}</p>
      </Notice>
      <div className="shown-once">
        <code>{secret}</code>
        <CopyButton text={secret} what={what} />
      </div>
      <div>
        <Button component={Link} to={to}>
          I have kept it
        </Button>
      </div>
    </div>
  );
}
