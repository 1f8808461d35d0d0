import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import './second-factors.css';

const FILE_NAME = 'shophosting-recovery-codes.txt';

/** What was just made and is never shown again; without `codes` the account has kept some from before. */
export function RecoveryCodes(props: { readonly title: string; readonly codes: readonly string[] | null }) {
  const { title, codes } = props;
  const text = `${codes?.join('\n') ?? ''}\n`;
  return (
    <div className="card stack">
      <h2>{title}</h2>
      {codes === null ? (
        <p>The recovery codes that you have already go on to work.</p>
      ) : (
        <>
          <Notice icon="key" tone="waiting">
            <p>
              Keep these recovery codes where you keep your passwords. Each opens your account once if your second
              factor is lost. They are not shown again.
            </p>
          </Notice>
          <ol className="recovery-codes" aria-label="Recovery codes">
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ol>
          <div className="row">
            <Button
              component="a"
              variant="default"
              download={FILE_NAME}
              href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            >
              Download
            </Button>
            <CopyButton text={text} what="all recovery codes" label="Copy all" />
          </div>
        </>
      )}
      <div>
        <Button component={Link} to="/account/security">
          {codes === null ? 'Done' : 'I have kept them'}
        </Button>
      </div>
    </div>
  );
}
