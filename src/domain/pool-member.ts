import type { PlatformName } from './store.ts';

/** `pool`: waits for an owner. `golden`: is installed to be copied, and goes when that is done. */
export type MemberPurpose = 'pool' | 'golden';

/**
 * `claimed`: a store of that id has what it had. `leaving`: nobody can have it any more, and what is left of it goes.
 * `aside`: its folder is somebody's, of whom this database knows nothing; nothing of it goes, nobody can have it.
 */
export type MemberStatus = 'making' | 'ready' | 'claimed' | 'leaving' | 'aside';

/** What it is made of, as a store's row would say it. */
export interface MemberParts {
  readonly images: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** What operators see of one. */
export interface WaitingMember extends Pick<PoolMember, 'id' | 'platform' | 'plan' | 'status' | 'createdAt'> {
  /** Since when somebody could have it; `null` before that. */
  readonly readyAt: Date | null;
}

/** A shop that is made, or being made, and nobody's: without name, address, account and route. */
export interface PoolMember {
  /** Of the same kind as a store's: the store that claims it has this one. */
  readonly id: string;
  readonly purpose: MemberPurpose;
  readonly platform: PlatformName;
  readonly plan: string;
  readonly status: MemberStatus;
  readonly port: number;
  readonly subnet: string;
  readonly uid: number;
  /** Absent until that is decided. */
  readonly parts: MemberParts | undefined;
  /** Of its containers and files when it was made; one that has another by now is nobody's ever. Absent until then. */
  readonly fingerprint: string | undefined;
  /** Whoever makes it is heard of no more. */
  readonly isForsaken: boolean;
  readonly createdAt: Date;
}
