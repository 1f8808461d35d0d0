import { AppError } from '../../domain/errors.ts';

const DUPLICATE_ENTRY = 1062;
const NO_REFERENCED_ROW = 1452;
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;
const NO_SUCH_DATABASE = 1049;

/** What the server says when it is there but cannot serve us now: too many connections, shutting down, read-only. */
const REFUSALS: ReadonlySet<number> = new Set([1040, 1053, 1077, 1129, 1203, 1290, 1836, 1927, 3169]);
const WRONG_CREDENTIALS: ReadonlySet<number> = new Set([1044, 1045, 1698, 1862]);
const NO_PRIVILEGE: ReadonlySet<number> = new Set([1142, 1143, 1227, 1370]);
const WRONG_SCHEMA: ReadonlySet<number> = new Set([1054, 1146]);

/** The driver's error as one of ours where it tells of the server rather than of the statement; else as it came. */
export function translateDatabaseError(thrown: unknown): unknown {
  const { code, errno, fatal } = driverFactsOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (errno !== undefined && WRONG_SCHEMA.has(errno)) {
    return new AppError('schema_outdated', `The database's schema does not fit this version: ${message}`, {
      cause: thrown,
      hint: 'Run: shopctl migrate',
    });
  }
  if (errno !== undefined && NO_PRIVILEGE.has(errno)) {
    return new AppError('permission_denied', `The database refuses: ${message}`, {
      cause: thrown,
      hint: 'Grant the users what they need again: shopctl migrate',
    });
  }
  if (errno !== undefined && WRONG_CREDENTIALS.has(errno)) {
    return unavailable(thrown, `The database refuses our user: ${message}`, 'Check DB_USER, DB_PASSWORD and DB_NAME.');
  }
  if (errno === NO_SUCH_DATABASE) {
    return unavailable(thrown, `The database is not there yet: ${message}`, 'Create it with: shopctl migrate');
  }
  const lost = fatal === true || isConnectionCode(code) || (errno !== undefined && REFUSALS.has(errno));
  if (!lost) return thrown;
  return unavailable(
    thrown,
    `The database does not answer: ${message}`,
    'Check that it runs, and DB_HOST and DB_PORT.',
  );
}

/** The name of the violated unique key, or `undefined` when the error is something else. */
export function duplicateKeyOf(thrown: unknown): string | undefined {
  if (driverFactsOf(thrown).errno !== DUPLICATE_ENTRY) return undefined;
  // MySQL says 'table.key', MariaDB 'key'. Anchored at the end: the entry in front of it is user text.
  return /for key '(?:[^'.]+\.)?([^'.]+)'$/.exec(thrown instanceof Error ? thrown.message : '')?.[1] ?? '';
}

/** The name of the violated foreign key, or `undefined` when the error is something else. */
export function missingReferenceOf(thrown: unknown): string | undefined {
  if (driverFactsOf(thrown).errno !== NO_REFERENCED_ROW) return undefined;
  return /CONSTRAINT `([^`]+)`/.exec(thrown instanceof Error ? thrown.message : '')?.[1] ?? '';
}

/** Would the same transaction, begun anew, have a chance? */
export function isLockConflict(thrown: unknown): boolean {
  const { errno } = driverFactsOf(thrown);
  return errno === DEADLOCK || errno === LOCK_WAIT_TIMEOUT;
}

/** The server's number of what it refused; `undefined` for anything that did not come from it. */
export function errorNumberOf(thrown: unknown): number | undefined {
  return driverFactsOf(thrown).errno;
}

/** The server has not answered in time; the connection is of no use any more. */
export function isQueryTimeout(thrown: unknown): boolean {
  return driverFactsOf(thrown).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

function unavailable(cause: unknown, message: string, hint: string): AppError {
  return new AppError('database_unavailable', message, { cause, hint, retryable: true });
}

function isConnectionCode(code: string | undefined): boolean {
  return (
    code !== undefined &&
    (/^(?:ECONN|EPIPE|EHOST|ENET|ENOTFOUND|ETIMEDOUT|EAI_)/.test(code) || code.startsWith('PROTOCOL_'))
  );
}

interface DriverFacts {
  readonly code: string | undefined;
  readonly errno: number | undefined;
  readonly fatal: boolean | undefined;
}

function driverFactsOf(thrown: unknown): DriverFacts {
  if (!(thrown instanceof Error)) return { code: undefined, errno: undefined, fatal: undefined };
  const { code, errno, fatal } = thrown as Error & { code?: unknown; errno?: unknown; fatal?: unknown };
  return {
    code: typeof code === 'string' ? code : undefined,
    // Socket errors carry the operating system's negative number here.
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    fatal: typeof fatal === 'boolean' ? fatal : undefined,
  };
}
