import type { SecurityServices } from '../web/services/security.ts';
import { type ChangePasswordDeps, createChangePassword } from './change-password.ts';
import { createSessions, type SessionDeps } from './sessions.ts';

export type SecurityDeps = Omit<ChangePasswordDeps, 'sessions'> & SessionDeps;

/** What keeps an account its owner's: what the pages of its Security and Sessions tabs may do. */
export function createSecurity(deps: SecurityDeps): SecurityServices {
  const sessions = createSessions(deps);
  return { changePassword: createChangePassword({ ...deps, sessions }) };
}
