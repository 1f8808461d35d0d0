import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError, InvalidFormError } from '../../domain/errors.ts';
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

test('a form is told what is wrong with each of its fields, through the socket too', async () => {
  const server = await serveControl(path, () => Promise.reject(new InvalidFormError({ host: 'No server.' })));
  await expect(call({ command: 'x' })).rejects.toMatchObject({ code: 'invalid_input', fields: { host: 'No server.' } });
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

test('whoever asks a process that does not answer waits no longer than he wants to', async () => {
  let answer = (_value: string): void => undefined;
  const server = await serveControl(path, () => new Promise((resolve) => (answer = resolve)));
  const signal = AbortSignal.timeout(50);

  await expect(callControl(path, { command: 'x' }, { signal, onProgress: () => undefined })).rejects.toThrow();

  answer('too late');
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

test('a connection that ends without asking keeps nobody from closing', async () => {
  const server = await serveControl(path, async () => 1);
  const gone = connect(path);
  await once(gone, 'connect');
  gone.destroy();
  expect(await call({ command: 'x' })).toEqual({ answer: 1 });

  await server.close();

  expect(await call({ command: 'x' })).toBeUndefined();
});

test('closing cuts off who has not asked yet', async () => {
  const server = await serveControl(path, async () => 1);
  const silent = connect(path);
  silent.resume();
  await once(silent, 'connect');
  expect(await call({ command: 'x' })).toEqual({ answer: 1 });
  const cut = once(silent, 'close');

  await server.close();
  await cut;

  expect(silent.destroyed).toBe(true);
});

test('who does not ask in time is told so and cut off', async () => {
  const server = await serveControl(path, async () => 1, { requestWithinMs: 20 });

  expect(await everythingFrom(connect(path))).toContain('within 20 ms');
  await server.close();
});

test('a line without an end is not kept', async () => {
  const server = await serveControl(path, async () => 1);
  const talker = connect(path);
  talker.write('x'.repeat(64 * 1024 + 1));

  expect(await everythingFrom(talker)).toContain('invalid_input');
  await server.close();
});

async function everythingFrom(socket: ReturnType<typeof connect>): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  await once(socket, 'close');
  return text;
}
