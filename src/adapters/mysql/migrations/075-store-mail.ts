import { type Kysely, sql } from 'kysely';

/** How shops' mail leaves, where their owners have chosen. The password of a server of theirs is among the sealed secrets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS store_mail (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      sender_name VARCHAR(100) NULL,
      reply_to VARCHAR(254) NULL,
      host VARCHAR(253) NULL,
      port INT UNSIGNED NULL,
      tls VARCHAR(16) NULL,
      user_name VARCHAR(200) NULL,
      from_address VARCHAR(254) NULL,
      changed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id),
      CONSTRAINT store_mail_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
