import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import { askWorker, serveWorkerSocket } from './worker-sockets.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'shophosting-workers-')), 'workers');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

/** A pid that nobody has: the largest that Linux would give out, and one more. */
const NOBODY = 4_194_305;

test('a question finds the worker that lives, past the sockets of dead ones', async () => {
  const server = await serveWorkerSocket(folder, { pid: process.pid, gid: 0 }, async ({ question }) => `${question}!`);
  writeFileSync(join(folder, '1.sock'), '');
  expect(await askWorker(folder, { question: 'well' })).toBe('well!');
  await server.close();
});

test('the folder and the socket are for root and one group alone', async () => {
  const server = await serveWorkerSocket(folder, { pid: 7, gid: 12_345 }, async () => null);
  for (const [path, mode] of [
    [folder, 0o750],
    [join(folder, '7.sock'), 0o660],
  ] as const) {
    const found = statSync(path);
    expect([found.mode & 0o777, found.uid, found.gid]).toEqual([mode, 0, 12_345]);
  }
  await server.close();
});

test('a new worker takes away what killed ones left', async () => {
  const first = await serveWorkerSocket(folder, { pid: process.pid, gid: 0 }, async () => null);
  writeFileSync(join(folder, `${NOBODY}.sock`), '');
  const second = await serveWorkerSocket(folder, { pid: 1, gid: 0 }, async () => null);
  expect(existsSync(join(folder, `${NOBODY}.sock`))).toBe(false);
  expect(existsSync(join(folder, `${process.pid}.sock`))).toBe(true);
  await first.close();
  await second.close();
});

test("a worker's refusal is the answer; only silence is worker_unavailable", async () => {
  await expect(askWorker(folder, {})).rejects.toMatchObject({ code: 'worker_unavailable' });
  const server = await serveWorkerSocket(folder, { pid: process.pid, gid: 0 }, () =>
    Promise.reject(new AppError('step_up_required', 'Too long ago.')),
  );
  await expect(askWorker(folder, {})).rejects.toMatchObject({ code: 'step_up_required' });
  await server.close();
});
