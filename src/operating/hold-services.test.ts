import { expect, test } from 'vitest';
import { createHoldServices } from './hold-services.ts';

function bench({ breaks = '', isLocked = false } = {}) {
  const calls: string[] = [];
  const stop = new AbortController();
  const note = async (name: string): Promise<string> => {
    if (breaks === name) throw new Error(`${name} broke`);
    calls.push(name);
    return name;
  };
  const hold = createHoldServices({
    dataDir: '/data',
    takeLock: async () => (isLocked ? undefined : { release: () => void calls.push('lock released') }),
    open: async () => ({
      ensureEngine: () => note('engine'),
      services: {
        managed: ['MySQL'],
        ensure: async () => void (await note('services')),
        areRunning: async () => true,
        stop: async () => void (await note('services stopped')),
      },
      ensureSchema: () => note('schema'),
      stores: { startAll: async () => 0, stopAll: async () => 0 },
      close: async () => void (await note('closed')),
    }),
    onReady: async () => {
      await note('ready');
      stop.abort();
    },
  });
  return { calls, run: () => hold(stop.signal, () => undefined) };
}

test('it is ready when services and schema are, stays until told, and stops what it started', async () => {
  const { calls, run } = bench();
  await run();
  expect(calls).toEqual(['engine', 'services', 'schema', 'ready', 'services stopped', 'closed', 'lock released']);
});

test('a schema that cannot be had is told, never called ready, and nothing is left held', async () => {
  const { calls, run } = bench({ breaks: 'schema' });
  await expect(run()).rejects.toThrow('schema broke');
  expect(calls).toEqual(['engine', 'services', 'services stopped', 'closed', 'lock released']);
});

test('beside a shopctl up it touches nothing', async () => {
  const { calls, run } = bench({ isLocked: true });
  await expect(run()).rejects.toMatchObject({ code: 'already_running', hint: expect.stringContaining('shopctl down') });
  expect(calls).toEqual([]);
});
