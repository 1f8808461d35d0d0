import type { Generated } from 'kysely';
import type { MemberPurpose, MemberStatus } from '../../domain/pool-member.ts';
import type { PlatformName } from '../../domain/store.ts';

/** Shops that are nobody's yet. What they have of the pools is here; once claimed, it is a store's. */
export interface PoolMembersTable {
  readonly id: string;
  readonly purpose: MemberPurpose;
  readonly platform: PlatformName;
  readonly plan: string;
  readonly status: MemberStatus;
  readonly port: number;
  readonly subnet: string;
  readonly uid: number;
  readonly parts_json: Generated<string | null>;
  /** Of what it was when it was made: see `PoolMember`. */
  readonly fingerprint: Generated<string | null>;
  /** The worker that makes it, and until when it need not be heard of. */
  readonly owner: Generated<string | null>;
  readonly lease_expires_at: Generated<Date | null>;
  readonly created_at: Date;
  readonly ready_at: Generated<Date | null>;
}
