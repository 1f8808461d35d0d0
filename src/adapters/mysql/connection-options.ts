import type { ConnectionOptions } from 'mysql2';
import { SECOND } from '../../lib/time.ts';

/** How long opening one connection may take. */
const CONNECT_TIMEOUT_MS = 5 * SECOND;

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

/** What every connection is opened with: UTC in and out, real Date objects, numbers that never lose digits. */
export function connectionOptions({ host, port, user, password, database }: DatabaseAddress): ConnectionOptions {
  return {
    host,
    port,
    user,
    password,
    ...(database === undefined ? {} : { database }),
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    dateStrings: false,
    supportBigNumbers: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    multipleStatements: false,
  };
}

/** Run on every new connection before anything else. READ COMMITTED: each statement sees what others have committed. */
export const SESSION_SETTINGS: readonly string[] = [
  `SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 10, sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];
