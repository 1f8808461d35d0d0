import { isSetAside } from '../monitoring/set-aside-taken.ts';
import type { Adapters } from './adapters.ts';

/**
 * Looks once at all that waits by this database. Returns how many were set aside. What cannot be told holds up nothing: it
 * is told at the order, whose run then does nothing.
 */
export async function setAsideTaken({
  repositories,
  takenMarks,
}: Pick<Adapters, 'repositories' | 'takenMarks'>): Promise<number> {
  const { poolMembers } = repositories;
  let aside = 0;
  const deps = { members: poolMembers, isTaken: takenMarks.isTaken, onSetAside: () => void (aside += 1) };
  for (const member of await poolMembers.list()) await isSetAside(deps, member).catch(() => false);
  return aside;
}
