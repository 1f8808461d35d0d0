import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryLock } from '../../../src/adapters/host/exclusive-lock.ts';

const SHOPCTL = fileURLToPath(new URL('../../../bin/shopctl', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shophosting-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shopctl = (args: string[], env: Record<string, string> = {}) =>
  execa(SHOPCTL, args, { cwd: folder, reject: false, env: { DATA_DIR: join(folder, 'data'), ...env } });

test('a wrong configuration ends with 78 and names every problem at once, from .env and from the environment', async () => {
  writeFileSync(join(folder, '.env'), 'PORT_RANGE_START=9000\nPORT_RANGE_END=8000\nDB_HOST=db.example.net\n');

  const { exitCode, stdout } = await shopctl(['config', '--json'], {
    HTTP_PORT: 'eighty',
    NODE_ENV: 'production',
    SECRET_KEY: 'changeme',
  });

  rmSync(join(folder, '.env'));
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  expect(exitCode).toBe(78);
  expect(error.code).toBe('configuration_invalid');
  for (const name of ['HTTP_PORT', 'PORT_RANGE_END', 'DB_PASSWORD', 'SECRET_KEY', 'PUBLIC_URL']) {
    expect(error.message).toContain(`- ${name} `);
  }
  expect(stdout).not.toContain('changeme');
});

test('before the first up, settings can be looked at, and the rest says what to run', async () => {
  const config = await shopctl(['config', '--json']);
  const status = await shopctl(['status', '--json']);

  expect(config.exitCode).toBe(0);
  expect(status.exitCode).toBe(78);
  expect((JSON.parse(status.stdout) as { error: { hint: string } }).error.hint).toContain('shopctl up');
});

test('a second start on the same DATA_DIR is refused at once, whoever holds it', async () => {
  const lock = await tryLock(`up:${join(folder, 'data')}`);

  const { exitCode, stdout } = await shopctl(['up', '--json']);

  lock?.release();
  expect(exitCode).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'already_running' } });
});
