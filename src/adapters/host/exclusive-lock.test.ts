import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { tryLock, withLock } from './exclusive-lock.ts';

const wait = { signal: AbortSignal.timeout(8000), onWait: () => undefined };

test('one holds it, the next waits for it', async () => {
  const name = randomUUID();
  const order: string[] = [];
  const first = await tryLock(name);
  const second = withLock(
    name,
    { ...wait, onWait: () => void order.push('waits') },
    async () => void order.push('has it'),
  );
  await expect.poll(() => order).toEqual(['waits']);
  expect(await tryLock(name)).toBeUndefined();
  first?.release();
  await second;
  expect(order).toEqual(['waits', 'has it']);
});

test('waiting ends with the signal', async () => {
  const name = randomUUID();
  const held = await tryLock(name);
  await expect(withLock(name, { ...wait, signal: AbortSignal.timeout(30) }, async () => 1)).rejects.toThrow();
  held?.release();
});

test('it is free as soon as its owner is killed', async () => {
  const name = randomUUID();
  const module = new URL('./exclusive-lock.ts', import.meta.url).href;
  const script = `await (await import(${JSON.stringify(module)})).tryLock(${JSON.stringify(name)}); console.log('held'); setInterval(() => 0, 1000);`;
  const owner = execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { reject: false });
  if (owner.stdout) await once(owner.stdout, 'data');
  expect(await tryLock(name)).toBeUndefined();
  owner.kill('SIGKILL');
  expect(await withLock(name, wait, async () => 'mine')).toBe('mine');
});
