import { escape, escapeId } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { connectionOptions, type DatabaseAddress } from './connection-options.ts';
import { translateDatabaseError } from './database-errors.ts';

export interface DatabaseUser {
  readonly user: string;
  readonly password: string;
}

export interface DatabaseUsers {
  readonly database: string;
  readonly users: {
    /** May change the schema and hand rights on its tables to the other two. */
    readonly migrate: DatabaseUser;
    readonly worker: DatabaseUser;
    readonly web: DatabaseUser;
  };
}

/**
 * The statements that make the database and its users, or bring their passwords up to date; they may be repeated. One
 * line each, for a server's init file. Rights on tables come with `migrate(db, { grantTo })`, when there are tables.
 */
export function databaseAndUsersSql({ database, users }: DatabaseUsers): string[] {
  const name = escapeId(database, true);
  const create = ({ user, password }: DatabaseUser) => [
    `CREATE USER IF NOT EXISTS ${escape(user)}@'%' IDENTIFIED BY ${escape(password)}`,
    `ALTER USER ${escape(user)}@'%' IDENTIFIED BY ${escape(password)}`,
  ];
  return [
    `CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
    ...create(users.migrate),
    ...create(users.worker),
    ...create(users.web),
    // In a GRANT the database is a pattern: an underscore would match any character.
    `GRANT ALL PRIVILEGES ON ${name.replaceAll('_', '\\_')}.* TO ${escape(users.migrate.user)}@'%' WITH GRANT OPTION`,
  ];
}

/** Makes database and users through an administrator's account (`DB_ADMIN_*`). May be repeated; changes no data. */
export async function createDatabaseAndUsers(admin: DatabaseAddress, wanted: DatabaseUsers): Promise<void> {
  try {
    const connection = await createConnection(connectionOptions(admin));
    try {
      for (const statement of databaseAndUsersSql(wanted)) await connection.query(statement);
    } finally {
      connection.destroy();
    }
  } catch (thrown) {
    throw translateDatabaseError(thrown);
  }
}
