import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPageSignals } from './page-signals.ts';

let customersDir: string;
let cache: string;
let signals: ReturnType<typeof createPageSignals>;

beforeEach(async () => {
  customersDir = await mkdtemp(join(tmpdir(), 'signals-'));
  cache = join(customersDir, 'stores', 'sto_1', 'data', 'wp-cache');
  await mkdir(cache, { recursive: true });
  signals = createPageSignals({ customersDir });
});
afterEach(() => rm(customersDir, { recursive: true, force: true }));

it('a shop says something by writing its file, and something else each time', async () => {
  expect(await signals.latest('sto_1')).toBeUndefined();
  await writeFile(join(cache, 'purge'), '1');
  const first = await signals.latest('sto_1');
  await rm(join(cache, 'purge'));
  await writeFile(join(cache, 'purge'), '22');

  expect(first).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await signals.latest('sto_1')).not.toBe(first);
});

it('a link says nothing, wherever it leads, nor does a folder', async () => {
  await writeFile(join(customersDir, 'secret'), 'x');
  await symlink(join(customersDir, 'secret'), join(cache, 'purge'));
  expect(await signals.latest('sto_1')).toBeUndefined();
  await rm(join(cache, 'purge'));
  await mkdir(join(cache, 'purge'));
  expect(await signals.latest('sto_1')).toBeUndefined();
});

it('the next thing that happens is told once, however much happens', async () => {
  let told = 0;
  await signals.next('sto_1', () => (told += 1));
  await writeFile(join(cache, 'purge'), '1');
  await expect.poll(() => told).toBe(1);
  for (let count = 0; count < 50; count += 1) await writeFile(join(cache, `page-${count}`), 'x');
  let heard = false;
  await signals.next('sto_1', () => (heard = true));
  await writeFile(join(cache, 'purge'), '2');
  await expect.poll(() => heard).toBe(true);

  expect(told).toBe(1);
});

it('a store without such a folder says nothing and is not watched', async () => {
  expect(await signals.latest('sto_2')).toBeUndefined();
  expect(await signals.next('sto_2', () => undefined)).toBeUndefined();
});
