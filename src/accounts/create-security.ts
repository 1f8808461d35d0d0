import type { SecurityServices } from '../web/services/security.ts';
import { type ChangePasswordDeps, createChangePassword } from './change-password.ts';
import { createOwnSessions, type OwnSessionsDeps } from './own-sessions.ts';
import { createPasskeys, type PasskeyDeps } from './passkeys.ts';
import { createSecondFactors, type SecondFactorDeps } from './second-factors.ts';
import { createSessions, type SessionDeps } from './sessions.ts';

export type SecurityDeps = Omit<ChangePasswordDeps & SecondFactorDeps & PasskeyDeps & SessionDeps, 'sessions'> & {
  readonly sessions: SessionDeps['sessions'] & OwnSessionsDeps['repository'];
};

/** What keeps an account its owner's: what the pages of its Security and Sessions tabs may do. */
export function createSecurity(deps: SecurityDeps): SecurityServices {
  const sessions = createSessions(deps);
  return {
    changePassword: createChangePassword({ ...deps, sessions }),
    ...createOwnSessions({ sessions, repository: deps.sessions, now: deps.now }),
    ...createSecondFactors({ ...deps, sessions }),
    ...createPasskeys({ ...deps, sessions }),
  };
}
