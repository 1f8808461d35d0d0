import { AppError } from '../../domain/errors.ts';

const STATEMENT = ['sql', 'sqlMessage'] as const;
const DUPLICATE_ENTRY = 1062;
const NO_REFERENCED_ROW = 1452;
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;
const NO_SUCH_DATABASE = 1049;

/** What the server says when it is there but cannot serve us now: too many connections, shutting down, read-only. */
const REFUSALS: ReadonlySet<number> = new Set([1040, 1053, 1077, 1129, 1203, 1290, 1836, 1927, 3169]);
const WRONG_CREDENTIALS: ReadonlySet<number> = new Set([1044, 1045, 1698, 1862]);
/** No room for the row, the table or the log. */
const NO_ROOM: ReadonlySet<number> = new Set([1021, 1114]);
/** The server could not write; its message ends with the system's reason. */
const NOT_WRITTEN: ReadonlySet<number> = new Set([3, 1026, 1030]);
const SYSTEM_SAYS_NO_ROOM = /\b(?:errno|error):? "?(?:28|122)\b|\bENOSPC\b|No space left on device/i;
const NO_PRIVILEGE: ReadonlySet<number> = new Set([1142, 1143, 1227, 1370]);
const WRONG_SCHEMA: ReadonlySet<number> = new Set([1054, 1146]);

/**
 * The driver's error as one of ours where it tells of the server rather than of the statement; else as it came. Either
 * way without the statement that the driver puts beside it, which has everybody's values in it.
 */
export function translateDatabaseError(thrown: unknown): unknown {
  if (thrown instanceof Error) for (const name of STATEMENT) Reflect.deleteProperty(thrown, name);
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
  if (isLockConflict(thrown)) {
    return unavailable(thrown, `Somebody else holds the rows for too long: ${message}`, 'Try again in a moment.');
  }
  if (isNoRoom(errno, message) || code === 'ENOSPC') {
    return new AppError('disk_full', 'The database has no room left on its disk.', {
      cause: thrown,
      hint: 'Make room where the database keeps its files.',
      retryable: true,
    });
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

/** Would the same transaction, begun anew, have a chance? Knows it as it came and as `translateDatabaseError` made it. */
export function isLockConflict(thrown: unknown): boolean {
  const { errno } = driverFactsOf(thrown instanceof AppError ? thrown.cause : thrown);
  return errno === DEADLOCK || errno === LOCK_WAIT_TIMEOUT;
}

/** The server's number of what it refused; `undefined` for anything that did not come from it. */
export function errorNumberOf(thrown: unknown): number | undefined {
  return driverFactsOf(thrown).errno;
}

/** What is said when the server, or our own queue for it, has not come round to us in time. */
export function tooSlow(message: string): AppError {
  return unavailable(undefined, message, 'See whether it runs and is not overloaded: shopctl doctor');
}

function unavailable(cause: unknown, message: string, hint: string): AppError {
  return new AppError('database_unavailable', message, { cause, hint, retryable: true });
}

function isNoRoom(errno: number | undefined, message: string): boolean {
  if (errno === undefined) return false;
  return NO_ROOM.has(errno) || (NOT_WRITTEN.has(errno) && SYSTEM_SAYS_NO_ROOM.test(message));
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
