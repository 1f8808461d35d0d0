import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTakenMarks } from './taken-marks.ts';

const ORDER = { id: 'sto_one', customerId: 'cus_one', createdAt: new Date('2026-02-03T12:00:00.123Z') };
const LATER = new Date('2026-02-03T12:00:00.124Z');

let customersDir: string;
beforeEach(async () => {
  customersDir = await mkdtemp(join(tmpdir(), 'taken-'));
});
afterEach(() => rm(customersDir, { recursive: true, force: true }));
const marks = () => createTakenMarks({ customersDir });

it('says whose a folder is, to root alone, whatever comes twice', async () => {
  expect([await marks().isTaken(ORDER), await marks().isOwn(ORDER)]).toEqual([false, false]);

  await marks().put(ORDER);
  const before = await stat(marks().pathOf(ORDER));
  await marks().put(ORDER);

  expect([await marks().isTaken(ORDER), await marks().isOwn(ORDER)]).toEqual([true, true]);
  expect(await readdir(join(customersDir, 'stores/sto_one'))).toEqual(['taken']);
  expect(await readFile(marks().pathOf(ORDER), 'utf8')).toContain('cus_one');
  const { ino, uid, mode } = await stat(marks().pathOf(ORDER));
  expect([ino, uid, mode & 0o777]).toEqual([before.ino, 0, 0o640]);
});

it.each([
  ['another customer', { ...ORDER, customerId: 'cus_two' }],
  ['the same customer’s order of another moment', { ...ORDER, createdAt: LATER }],
])('is not written over for %s', async (_, other) => {
  await marks().put(ORDER);
  const before = await readFile(marks().pathOf(ORDER), 'utf8');

  for (const act of [marks().isOwn, marks().put, marks().putWhereFolderIs]) {
    await expect(act(other)).rejects.toMatchObject({ code: 'store_out_of_bounds' });
  }

  expect(await readFile(marks().pathOf(ORDER), 'utf8')).toBe(before);
  expect(await marks().isOwn(ORDER)).toBe(true);
});

it('whatever it says, even nothing, somebody has the folder', async () => {
  await mkdir(join(customersDir, 'stores/sto_one'), { recursive: true });
  await writeFile(marks().pathOf(ORDER), '');

  expect(await marks().isTaken(ORDER)).toBe(true);
  await expect(marks().isOwn(ORDER)).rejects.toMatchObject({ code: 'store_out_of_bounds' });
});

it('is written for a store of before there was one, and makes no folder for a store that has none', async () => {
  await marks().putWhereFolderIs(ORDER);
  expect(await readdir(customersDir)).toEqual([]);

  await mkdir(join(customersDir, 'stores/sto_one'), { recursive: true });
  await marks().putWhereFolderIs(ORDER);
  expect(await marks().isOwn(ORDER)).toBe(true);
});

it('is not told where it cannot be looked at', async () => {
  await symlink('/etc', join(customersDir, 'stores'));
  await expect(marks().isTaken(ORDER)).rejects.toMatchObject({ code: 'internal_error' });
});
