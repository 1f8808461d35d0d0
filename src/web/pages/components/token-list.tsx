import { Button } from '@mantine/core';
import { Form } from 'react-router';
import { SCOPES } from '../../../domain/api-token.ts';
import type { ApiTokenView } from '../../services/tokens.ts';
import { TimeAgo } from './time-ago.tsx';
import '../account/sessions.css';

/** Somebody's tokens: what each may do, whether it is used, and the end of it. */
export function TokenList({ tokens }: { readonly tokens: readonly ApiTokenView[] }) {
  if (tokens.length === 0) {
    return (
      <div className="card stack">
        <h2>No tokens yet</h2>
        <p className="soft">
          Most people need none: everything is on these pages. They are for programs, such as a script that makes
          stores.
        </p>
      </div>
    );
  }
  return (
    <ul className="sessions" role="list" aria-label="Tokens">
      {tokens.map(({ id, name, hint, scopes, expiresAt, usedAt, usedFrom, isExpired }) => (
        <li key={id} className="card">
          <div>
            <h2>
              {name} <span className="soft small">{isExpired ? 'over' : `${hint}…`}</span>
            </h2>
            <p className="soft small">
              {scopes.map((scope) => SCOPES[scope]).join('; ')} · works until {expiresAt.slice(0, 10)} ·{' '}
              {usedAt === null ? (
                'never used'
              ) : (
                <>
                  last used <TimeAgo at={usedAt} /> {usedFrom !== null && `from ${usedFrom}`}
                </>
              )}
            </p>
          </div>
          <Form method="post">
            <input type="hidden" name="token" value={id} />
            <Button type="submit" variant="default" size="sm" aria-label={`Revoke ${name}`}>
              Revoke
            </Button>
          </Form>
        </li>
      ))}
    </ul>
  );
}
