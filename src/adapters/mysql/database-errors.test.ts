import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { duplicateKeyOf, isLockConflict, missingReferenceOf, translateDatabaseError } from './database-errors.ts';

const driverError = (facts: { errno?: number; code?: string; fatal?: boolean; message?: string }) =>
  Object.assign(new Error(facts.message ?? 'as the driver says'), facts);

describe('an error of the driver', () => {
  it.each([
    { code: 'ECONNREFUSED', errno: -111 },
    { code: 'PROTOCOL_CONNECTION_LOST', fatal: true },
    { code: 'PROTOCOL_SEQUENCE_TIMEOUT' },
    { errno: 1040, code: 'ER_CON_COUNT_ERROR' },
    { errno: 1045, code: 'ER_ACCESS_DENIED_ERROR' },
    { errno: 1049, code: 'ER_BAD_DB_ERROR' },
    { errno: 1053, code: 'ER_SERVER_SHUTDOWN' },
  ])('$code is a database that is unavailable now, with its cause kept', (facts) => {
    const thrown = driverError(facts);

    expect(translateDatabaseError(thrown)).toMatchObject({
      code: 'database_unavailable',
      retryable: true,
      cause: thrown,
      hint: expect.stringMatching(/DB_|migrate/),
    });
  });

  it.each([
    [1146, 'schema_outdated'],
    [1054, 'schema_outdated'],
    [1142, 'permission_denied'],
  ])('%i is %s, which trying again does not cure', (errno, code) => {
    expect(translateDatabaseError(driverError({ errno }))).toMatchObject({ code, retryable: false });
  });

  it.each([
    { errno: 1114, message: "The table 'stores' is full" },
    {
      errno: 1021,
      message: 'Disk full (/tmp/#sql); waiting for someone to free some space... (errno: 28 "No space left")',
    },
    { errno: 1030, message: 'Got error 28 - "No space left on device" from storage engine' },
    { errno: 3, message: `Error writing file '/var/lib/mysql/x' (OS errno 28 - No space left on device)` },
    { code: 'ENOSPC' },
  ])('$errno $code is a full disk', (facts) => {
    expect(translateDatabaseError(driverError(facts))).toMatchObject({ code: 'disk_full', retryable: true });
  });

  it.each([1205, 1213])('%i is worth another try, also for a transaction that meets it translated', (errno) => {
    const translated = translateDatabaseError(driverError({ errno }));

    expect(translated).toMatchObject({ code: 'database_unavailable', retryable: true });
    expect(isLockConflict(translated)).toBe(true);
  });

  it.each([1064, 1054, 1205])('%i keeps no statement, and so no value of one', (errno) => {
    const sql = "UPDATE customers SET password_hash = '$argon2id$secret'";
    const thrown = Object.assign(driverError({ errno }), { sql, sqlMessage: sql });

    const translated = translateDatabaseError(thrown);

    expect(inspect(translated, { depth: null, showHidden: true })).not.toContain('argon2id');
  });

  it('about the statement stays what it is', () => {
    const thrown = driverError({ errno: 1064, code: 'ER_PARSE_ERROR' });

    expect(translateDatabaseError(thrown)).toBe(thrown);
    expect(translateDatabaseError('text')).toBe('text');
  });
});

describe('the violated key', () => {
  it.each([
    [`Duplicate entry 'demo' for key 'stores.stores_name_unique'`, 'stores_name_unique'],
    [`Duplicate entry 'demo' for key 'stores_name_unique'`, 'stores_name_unique'],
    [`Duplicate entry 'x' for key 'domains.PRIMARY' for key 'stores_name_unique'`, 'stores_name_unique'],
  ])('is read from the end of %j, where no user text stands', (message, key) => {
    expect(duplicateKeyOf(driverError({ errno: 1062, message }))).toBe(key);
  });

  it('is nothing for other errors', () => {
    expect(duplicateKeyOf(driverError({ errno: 1213 }))).toBeUndefined();
    expect(missingReferenceOf(driverError({ errno: 1062 }))).toBeUndefined();
    expect(isLockConflict(driverError({ errno: 1213 }))).toBe(true);
    expect(isLockConflict(driverError({ errno: 1062 }))).toBe(false);
  });
});
