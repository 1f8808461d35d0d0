import type { AccountServices } from '../web/services/accounts.ts';
import { createLogIn, type LogInDeps } from './log-in.ts';
import { createSessions, type SessionDeps } from './sessions.ts';
import { createSignUp, type SignUpDeps } from './sign-up.ts';

export type AccountsDeps = Omit<SignUpDeps, 'sessions' | 'digestOf'> &
  Omit<LogInDeps, 'sessions' | 'start'> &
  Omit<SessionDeps, 'sessions'> & { readonly sessions: SessionDeps['sessions'] & { start: LogInDeps['start'] } };

/** Accounts and sessions: what pages and the JSON API may do with them. */
export function createAccounts(
  deps: AccountsDeps,
): Pick<AccountServices, 'signUp' | 'logIn' | 'proveAgain' | 'logOut' | 'findSession' | 'stillOpening'> {
  const sessions = createSessions(deps);
  const { logIn, proveAgain } = createLogIn({ ...deps, sessions, start: deps.sessions.start });
  return {
    signUp: createSignUp({ ...deps, sessions, digestOf: deps.tokens.digestOf }),
    logIn,
    proveAgain,
    logOut: sessions.end,
    findSession: sessions.find,
    stillOpening: sessions.stillOpening,
  };
}
