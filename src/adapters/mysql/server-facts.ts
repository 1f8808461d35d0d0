import { sql } from 'kysely';
import type { Database } from './open-database.ts';

export interface ServerFacts {
  /** As the server tells it, e.g. `9.7.4` or `10.11.6-MariaDB`. */
  readonly version: string;
  /** The session's, e.g. `+00:00`. */
  readonly timeZone: string;
  readonly now: Date;
  /** How many foreign keys the platform's database really has. */
  readonly foreignKeys: number;
}

/** What `doctor` wants to know of the server. Needs a user who may see the whole database: the one who migrates. */
export async function readServerFacts(db: Database): Promise<ServerFacts> {
  const { rows } = await sql<{ version: string; timeZone: string; now: Date; foreignKeys: number }>`
    SELECT VERSION() AS version, @@session.time_zone AS timeZone, UTC_TIMESTAMP(3) AS now,
      (SELECT COUNT(*) FROM information_schema.referential_constraints
        WHERE constraint_schema = DATABASE()) AS foreignKeys
  `.execute(db.kysely);
  const [facts] = rows;
  if (facts === undefined) throw new Error('The server answered with no row.');
  return { ...facts, foreignKeys: Number(facts.foreignKeys) };
}
