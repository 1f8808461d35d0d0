import { type Kysely, sql } from 'kysely';

/** What customers ask for. A name is a store's only once it is proven: then it has a line in `domains` too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS own_domains (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      hostname VARCHAR(253) COLLATE utf8mb4_bin NOT NULL,
      state VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      token VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      is_redirecting TINYINT NOT NULL DEFAULT 1,
      is_leaving TINYINT NOT NULL DEFAULT 0,
      diagnoses_json MEDIUMTEXT NOT NULL,
      found_json MEDIUMTEXT NULL,
      certificate_json TEXT NULL,
      quiet_looks INT NOT NULL DEFAULT 0,
      created_at DATETIME(3) NOT NULL,
      checked_at DATETIME(3) NULL,
      next_check_at DATETIME(3) NOT NULL,
      proven_at DATETIME(3) NULL,
      valid_at DATETIME(3) NULL,
      strayed_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      UNIQUE KEY own_domains_store_unique (store_id, hostname),
      KEY own_domains_hostname (hostname),
      KEY own_domains_due (next_check_at),
      CONSTRAINT own_domains_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE,
      CONSTRAINT own_domains_diagnoses_is_json CHECK (json_valid(diagnoses_json)),
      CONSTRAINT own_domains_found_is_json CHECK (json_valid(found_json)),
      CONSTRAINT own_domains_certificate_is_json CHECK (json_valid(certificate_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
