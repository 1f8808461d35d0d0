import type { Generated } from 'kysely';

export interface TotpFactorsTable {
  readonly customer_id: string;
  readonly key_id: string;
  readonly sealed: string;
  /** The newest step of thirty seconds whose code was used; older ones and this one open nothing any more. */
  readonly last_step: number;
  readonly created_at: Date;
}

export interface RecoveryCodesTable {
  readonly customer_id: string;
  /** SHA-256 of the account and the code, in hex. */
  readonly code_hash: string;
  readonly created_at: Date;
  readonly used_at: Generated<Date | null>;
}

export interface PasskeysTable {
  readonly id: string;
  readonly customer_id: string;
  /** What the authenticator calls it, as base64url. */
  readonly credential_id: string;
  /** COSE, as base64url. */
  readonly public_key: string;
  readonly counter: number;
  readonly transports_json: string;
  readonly name: string;
  readonly created_at: Date;
  readonly used_at: Generated<Date | null>;
}
