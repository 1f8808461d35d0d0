import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKnownDatabaseFile } from './known-database-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'known-database-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what was noted is read, by others too; nothing while nothing was', async () => {
  const path = join(folder, 'known-database');
  expect(await createKnownDatabaseFile(path).read()).toBeUndefined();

  await createKnownDatabaseFile(path).write('2026-11-27T03:00:00.000Z');
  expect(await createKnownDatabaseFile(path).read()).toBe('2026-11-27T03:00:00.000Z');

  writeFileSync(path, '');
  expect(await createKnownDatabaseFile(path).read()).toBeUndefined();
});

test('a note that cannot be read is an error, not a machine that knows nothing', async () => {
  await expect(createKnownDatabaseFile(folder).read()).rejects.toThrow();
});
