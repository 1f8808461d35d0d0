import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restorePolicy, withServicesNotStarted } from './service-start-policy.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shophosting-policy-'));
  path = join(folder, 'policy-rc.d');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answerOf = async (): Promise<number | undefined> =>
  (await execa(path, ['nginx', 'start'], { reject: false })).exitCode;

function standingPolicy(exitCode: number): string {
  const content = `#!/bin/sh\nexit ${exitCode}\n`;
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return content;
}

test('while packages are installed no service starts; afterwards the policy is gone again', async () => {
  const during = await withServicesNotStarted(answerOf, path);
  expect(during).toBe(101);
  expect(existsSync(path)).toBe(false);
});

test('a policy of the machine is put back, also after a failure', async () => {
  const before = standingPolicy(104);
  await expect(withServicesNotStarted(() => Promise.reject(new Error('no space')), path)).rejects.toThrow('no space');
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(await answerOf()).toBe(104);
});

test('what a killed process left behind refuses nothing, asks the old policy, and is put right by the next call', async () => {
  const before = standingPolicy(104);
  const left = await withServicesNotStarted(async () => readFileSync(path, 'utf8'), path);
  // As a kill leaves it: ours in place, the old one saved, and the process that ours names gone.
  const orphan = left.replaceAll(`/proc/${process.pid}/`, '/proc/999999999/');
  writeFileSync(`${path}.shophosting-saved`, before);
  chmodSync(`${path}.shophosting-saved`, 0o755);
  writeFileSync(path, orphan);
  expect(await answerOf()).toBe(104);
  await restorePolicy(path);
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(existsSync(`${path}.shophosting-saved`)).toBe(false);
});

test('a policy that is not ours is left alone', async () => {
  const before = standingPolicy(0);
  await restorePolicy(path);
  expect(readFileSync(path, 'utf8')).toBe(before);
});
