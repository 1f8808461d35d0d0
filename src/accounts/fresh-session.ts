import { AppError } from '../domain/errors.ts';
import { isProofFresh } from '../domain/proof.ts';
import type { Session } from '../web/services.ts';
import type { Sessions } from './sessions.ts';

interface Deps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly now: () => Date;
}

/** Whose token it is. Throws `not_signed_in`. */
export async function sessionOf({ sessions }: Pick<Deps, 'sessions'>, token: string): Promise<Session> {
  const session = await sessions.find(token);
  if (session === undefined) throw new AppError('not_signed_in', 'There is no session under this token, or no longer.');
  return session;
}

/** The same, for what needs a fresh proof. Throws `step_up_required` besides. */
export async function freshSessionOf(deps: Deps, token: string): Promise<Session> {
  const session = await sessionOf(deps, token);
  if (isProofFresh(session.provenAt, deps.now())) return session;
  throw new AppError('step_up_required', 'The last proof of this session is too old.');
}
