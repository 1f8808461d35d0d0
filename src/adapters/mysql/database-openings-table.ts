/** Which stores' databases their owners look into. */
export interface DatabaseOpeningsTable {
  readonly store_id: string;
  /** SHA-256 of the token, in hex. The token itself is only in the browser. */
  readonly token_hash: string;
  readonly session_id: string;
  readonly opened_at: Date;
  readonly expires_at: Date;
  readonly closed_at: Date | null;
}
