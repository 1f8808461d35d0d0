import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import { callControl, serveControl } from './control-socket.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shophosting-control-'));
  path = join(folder, 'up.sock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = (request: Record<string, string>, lines: string[] = []) =>
  callControl(path, request, { signal: AbortSignal.timeout(2000), onProgress: (line) => void lines.push(line) });

test('progress comes line by line, then the answer', async () => {
  const server = await serveControl(path, async (request, say) => {
    say('one');
    say('two');
    return { echoed: request };
  });
  const lines: string[] = [];
  expect(await call({ command: 'x' }, lines)).toEqual({ answer: { echoed: { command: 'x' } } });
  expect(lines).toEqual(['one', 'two']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await server.close();
});

test('an error keeps its code and hint on the way', async () => {
  const server = await serveControl(path, () =>
    Promise.reject(new AppError('not_allowed_now', 'Not now.', { hint: 'Later.' })),
  );
  await expect(call({ command: 'x' })).rejects.toMatchObject({
    code: 'not_allowed_now',
    message: 'Not now.',
    hint: 'Later.',
  });
  await server.close();
});

test('nobody there is an answer, also when a killed process left its socket behind', async () => {
  expect(await call({ command: 'x' })).toBeUndefined();
  writeFileSync(path, '');
  expect(await call({ command: 'x' })).toBeUndefined();
  const server = await serveControl(path, async () => 1);
  expect(await call({ command: 'x' })).toEqual({ answer: 1 });
  await server.close();
});

test('closing lets what is being answered end', async () => {
  const server = await serveControl(path, async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return 'ended';
  });
  const asked = call({ command: 'x' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await server.close();
  expect(await asked).toEqual({ answer: 'ended' });
});
