import type { Generated } from 'kysely';

export interface ApiTokensTable {
  readonly id: string;
  readonly customer_id: string;
  readonly name: string;
  /** SHA-256 of the token, in hex. */
  readonly token_hash: string;
  readonly hint: string;
  readonly scopes_json: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Generated<Date | null>;
  readonly used_from: Generated<string | null>;
}

export interface KeptAnswersTable {
  readonly customer_id: string;
  /** SHA-256 of the key, in hex. */
  readonly key_hash: string;
  readonly fingerprint: string;
  readonly claimed_by: string;
  readonly claimed_until: Date;
  readonly status: Generated<number | null>;
  readonly body_text: Generated<string | null>;
  readonly expires_at: Date;
}
