import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { DomainState } from '../../domain/own-domains.ts';

export interface DomainsTable {
  readonly hostname: string;
  readonly store_id: string;
  /** Without one: `platform`. */
  readonly kind: Generated<'platform' | 'custom'>;
  /** The store, of its name on the platform alone: each has one. */
  readonly platform_of: GeneratedAlways<string | null>;
  readonly created_at: Date;
}

/** What a customer wishes, proven or not; `domains` holds only what belongs to a store. */
export interface OwnDomainsTable {
  readonly id: string;
  readonly store_id: string;
  readonly hostname: string;
  readonly state: DomainState;
  readonly token: string;
  readonly is_redirecting: ColumnType<number, number | undefined, number>;
  readonly is_leaving: ColumnType<number, number | undefined, number>;
  readonly diagnoses_json: string;
  readonly found_json: Generated<string | null>;
  readonly certificate_json: Generated<string | null>;
  readonly quiet_looks: Generated<number>;
  readonly created_at: Date;
  readonly checked_at: Generated<Date | null>;
  readonly next_check_at: Date;
  readonly proven_at: Generated<Date | null>;
  readonly valid_at: Generated<Date | null>;
  readonly strayed_at: Generated<Date | null>;
  /** What webhooks were told of it last. */
  readonly told_state: Generated<DomainState | null>;
}

export interface ReleasedDomainsTable {
  readonly hostname: string;
  readonly customer_id: string;
  readonly released_at: Date;
}

export interface CertificateOrdersTable {
  readonly id: Generated<number>;
  readonly directory: string;
  readonly hostname: string;
  readonly registered_name: string;
  readonly outcome: 'asked' | 'issued' | 'failed';
  readonly ordered_at: Date;
}
