import type { PoolMember } from '../domain/pool-member.ts';

export interface SetAsideDeps {
  readonly members: { setAside(id: string): Promise<boolean> };
  /** Its folder is marked as somebody's. Throws when that cannot be told. */
  readonly isTaken: (member: PoolMember) => Promise<boolean>;
  /** Of one that is somebody's by its folder, and nobody's by its row. */
  readonly onSetAside: (member: PoolMember) => void;
}

/**
 * True where a shop that is nobody's by its row is somebody's by its folder, as it is with a database of before the order.
 * Nobody can have it from then on.
 */
export async function isSetAside({ members, isTaken, onSetAside }: SetAsideDeps, member: PoolMember): Promise<boolean> {
  if (member.status === 'claimed' || !(await isTaken(member))) return false;
  if (member.status !== 'aside' && (await members.setAside(member.id))) onSetAside(member);
  return true;
}
