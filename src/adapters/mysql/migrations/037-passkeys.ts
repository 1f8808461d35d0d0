import { type Kysely, sql } from 'kysely';

/** Passkeys of accounts. An authenticator may name one with up to 1023 bytes: in base64url that still fits a key of ASCII. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS passkeys (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      credential_id VARCHAR(1400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      public_key TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      counter BIGINT NOT NULL,
      transports_json TEXT NOT NULL,
      name VARCHAR(64) NOT NULL,
      created_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      UNIQUE KEY passkeys_credential_unique (credential_id),
      KEY passkeys_customer (customer_id),
      CONSTRAINT passkeys_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
