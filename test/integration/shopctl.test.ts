import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SHOPCTL = fileURLToPath(new URL('../../bin/shopctl', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopctl-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The real program, as a process of its own, on a machine that was never set up. */
function shopctl(args: readonly string[], { closeStdout = false } = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [SHOPCTL, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, DATA_DIR: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    if (closeStdout) child.stdout.destroy();
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('shopctl as a process', () => {
  it('helps and tells its version without any set-up, on standard output only', async () => {
    const help = await shopctl(['--help']);
    const version = await shopctl(['version', '--json']);

    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('Usage: shopctl')]);
    expect(JSON.parse(version.stdout)).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it('ends with 2 for a line it does not understand', async () => {
    const { code, stdout, stderr } = await shopctl(['stat']);

    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('Did you mean status?')]);
  });

  it('is not upset by a reader that goes away', async () => {
    const { code, stderr } = await shopctl(['--help'], { closeStdout: true });

    expect([code, stderr]).toEqual([0, '']);
  });
});
