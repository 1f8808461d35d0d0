import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLogFileOn } from './read-log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'shophosting-read-log-file-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const path = join(folder, 'a.log');
const never = new AbortController().signal;

async function read(bytesAtMost: number, after?: string, signal = never) {
  const lines: string[] = [];
  const place = await readLogFileOn(path, { after, bytesAtMost, signal }, (line) => void lines.push(line));
  return { lines, place };
}

test('of a log and its older files no more than the last bytes are read, in whole lines', async () => {
  await writeFile(`${path}.2`, 'one\ntwo\n');
  await writeFile(`${path}.1`, 'three\n\nfour\n');
  await writeFile(path, 'five\nsix\nsev');

  expect((await read(1000)).lines).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  expect((await read(12 + 12 + 8)).lines).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  expect((await read(12 + 12 + 5)).lines).toEqual(['two', 'three', 'four', 'five', 'six']);
  expect((await read(12 + 12)).lines).toEqual(['three', 'four', 'five', 'six']);
  expect((await read(12 + 11)).lines).toEqual(['four', 'five', 'six']);
  expect((await read(12)).lines).toEqual(['five', 'six']);
  expect((await read(7)).lines).toEqual(['six']);
});

test('what came since a place is read from there, or its last bytes where it is more', async () => {
  await writeFile(path, 'five\nsix\n');
  const { place } = await read(1000);
  await writeFile(path, 'five\nsix\nseven\neight\n');

  expect((await read(1000, place)).lines).toEqual(['seven', 'eight']);
  expect((await read(8, place)).lines).toEqual(['eight']);
});

test('nothing is read once nobody waits for it, and the place stays', async () => {
  await writeFile(path, 'five\nsix\n');
  const { place } = await read(1000);

  expect(await read(1000, place, AbortSignal.abort())).toEqual({ lines: [], place });
});
