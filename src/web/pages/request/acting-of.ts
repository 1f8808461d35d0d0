import type { Session } from '../../services.ts';
import type { Acting } from '../components/acting-banner.tsx';

/** What the banner tells while an operator acts as a customer; `null` in everybody's own session. */
export function actingOf(session: Session | undefined): Acting | null {
  if (session?.actingUntil === undefined) return null;
  return { email: session.email, until: session.actingUntil.toISOString() };
}
