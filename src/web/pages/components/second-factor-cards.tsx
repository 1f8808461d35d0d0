import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { MOST_PASSKEYS } from '../../../domain/passkey.ts';
import type { PasskeyView, SecondFactorsView } from '../../services/second-factors.ts';
import { Notice } from './notice.tsx';
import { TimeAgo } from './time-ago.tsx';
import './second-factors.css';

/** The part of the Security tab about what the account asks for besides the password. */
export function SecondFactorCards(props: { readonly factors: SecondFactorsView; readonly isOperator: boolean }) {
  const { totpSince, passkeys, recoveryCodesLeft } = props.factors;
  const hasNone = totpSince === null && passkeys.length === 0;
  return (
    <>
      {hasNone && props.isOperator && (
        <Notice icon="lock" tone="waiting">
          <p>Operators need a second factor. Set one up here: until then every other page is closed to you.</p>
        </Notice>
      )}
      <PasskeyCard passkeys={passkeys} />
      <div className="card stack">
        <h2>Authenticator app</h2>
        {totpSince === null ? (
          <p className="soft">With the six digits of an app, a password that somebody has found out opens nothing.</p>
        ) : (
          <p className="soft">
            Set up <TimeAgo at={totpSince} />. We ask for its code whenever you log in.
          </p>
        )}
        <div>
          {totpSince === null ? (
            <Button component={Link} to="/account/authenticator" variant="default">
              Set up an authenticator app
            </Button>
          ) : (
            <Button component={Link} to="/account/second-factors/totp/remove" variant="default">
              Remove the app
            </Button>
          )}
        </div>
      </div>
      {!hasNone && (
        <div className="card stack">
          <h2>Recovery codes</h2>
          <p className="soft">
            {recoveryCodesLeft === 0
              ? 'None are left. Make new ones, so that a lost phone does not lock you out.'
              : `${recoveryCodesLeft} left. Each opens your account once if your second factor is lost.`}
          </p>
          <div>
            <Button component={Link} to="/account/recovery-codes" variant="default">
              Make new recovery codes
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

function PasskeyCard({ passkeys }: { readonly passkeys: readonly PasskeyView[] }) {
  return (
    <div className="card stack">
      <h2>Passkeys</h2>
      <p className="soft">
        A passkey stays on your device and opens your account by your finger, your face or a PIN: no password, no code,
        nothing that a false page could ask you for.
      </p>
      {passkeys.length > 0 && (
        <ul className="factor-list" role="list" aria-label="Passkeys">
          {passkeys.map(({ id, name, createdAt, usedAt }) => (
            <li key={id}>
              <div>
                <p className="factor-name">{name}</p>
                <p className="soft small">
                  added <TimeAgo at={createdAt} /> ·{' '}
                  {usedAt === null ? (
                    'not used yet'
                  ) : (
                    <>
                      last used <TimeAgo at={usedAt} />
                    </>
                  )}
                </p>
              </div>
              <div className="row">
                <Button
                  component={Link}
                  to={`/account/passkeys/${id}`}
                  variant="default"
                  size="sm"
                  aria-label={`Rename ${name}`}
                >
                  Rename
                </Button>
                <Button
                  component={Link}
                  to={`/account/second-factors/${id}/remove`}
                  variant="default"
                  size="sm"
                  aria-label={`Remove ${name}`}
                >
                  Remove
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {passkeys.length < MOST_PASSKEYS ? (
        <div>
          <Button component={Link} to="/account/passkeys" variant="default">
            Add a passkey
          </Button>
        </div>
      ) : (
        <p className="soft">That is as many as an account may have. Remove one to add another.</p>
      )}
    </div>
  );
}
