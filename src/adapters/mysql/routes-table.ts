import type { Generated } from 'kysely';

export type RouteState = 'making' | 'live' | 'failed' | 'suspended';

/** Which host leads where; part of `Schema`. */
export interface RoutesTable {
  readonly hostname: string;
  readonly store_id: string;
  readonly port: number;
  readonly state: RouteState;
  /** The host that visitors are sent on to; null where the shop itself answers. */
  readonly redirect_to: Generated<string | null>;
}
