import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aStore } from '../../../test/fakes/fake-world.ts';
import { directoryOf } from '../../domain/names.ts';
import { USUAL_PHP_LIMITS } from '../../domain/php-limits.ts';
import { createPhpLimitFiles, renderPhpLimits } from './php-limit-files.ts';

const LIMITS = USUAL_PHP_LIMITS.wordpress;
const store = aStore({ uid: 200_123 });

let customersDir: string;
beforeEach(async () => {
  customersDir = await mkdtemp(join(tmpdir(), 'php-limit-files-'));
});
afterEach(() => rm(customersDir, { recursive: true, force: true }));

test('four numbers are written, and nothing else that a row or a cast may hold', () => {
  const more = { ...LIMITS, extra: '"}{' };
  expect(renderPhpLimits(more)).toBe('{"phpMemory":256,"phpUpload":64,"phpSeconds":120,"phpInputVars":5000}\n');
  for (const odd of [0, -1, 1.5, Number.NaN, '64' as unknown as number])
    expect(() => renderPhpLimits({ ...LIMITS, phpUpload: odd })).toThrow(/phpUpload/);
});

test('the store’s group reads its file and nobody in it writes; without limits the folder alone is there', async () => {
  const folder = join(customersDir, directoryOf(store), 'settings', 'web');
  const { write } = createPhpLimitFiles({ customersDir });

  await write(store, LIMITS);
  expect(JSON.parse(await readFile(join(folder, 'php-limits.json'), 'utf8'))).toEqual(LIMITS);
  for (const [path, mode] of [
    [folder, 0o750],
    [join(folder, 'php-limits.json'), 0o640],
  ] as const) {
    const found = await stat(path);
    expect([found.uid, found.gid, found.mode & 0o777]).toEqual([0, store.uid, mode]);
  }

  for (const _ of [1, 2]) await write(store, undefined);
  expect(await readdir(folder)).toEqual([]);
});
