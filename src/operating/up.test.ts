import { expect, test } from 'vitest';
import type { ReadyView, UpInput } from '../cli/actions.ts';
import { AppError } from '../domain/errors.ts';
import { openPromise } from './open-promise.ts';
import type { Control, Platform } from './platform.ts';
import { createUp } from './up.ts';

type Handler = Parameters<Control['serve']>[0];

/** A platform that only notes what is asked of it; the part named `breaks` fails. */
function bench({ breaks = '' } = {}) {
  const calls: string[] = [];
  let handler: Handler | undefined;
  let isLocked = false;
  const note =
    <T>(name: string, answer: T) =>
    async (): Promise<T> => {
      calls.push(name);
      if (name === breaks) throw new AppError('tool_missing', `${name} broke`, { hint: 'mend it' });
      return answer;
    };
  const workerEnd = openPromise<{ exitCode: number; signal: null }>();
  const platform: Platform = {
    ensureHost: note('host', undefined),
    ensureEngine: note('engine', 'engine 20.10'),
    ensureTools: note('tools', undefined),
    prepareImages: note('images', '3 images'),
    services: {
      managed: ['mysql', 'redis'],
      ensure: note('services', undefined),
      areRunning: () => Promise.resolve(true),
      stop: note('services stopped', undefined),
    },
    ensureSchema: note('schema', 'up to date'),
    edge: {
      start: note('edge', undefined),
      stop: note('edge stopped', undefined),
      isRunning: async () => ({ pid: 1 }),
    },
    stores: { startAll: note('stores', 0), stopAll: note('stores stopped', 0) },
    processes: [
      {
        name: 'worker',
        count: 1,
        log: { write: () => undefined, close: () => undefined },
        isReady: async () => true,
        start: async () => {
          calls.push('worker');
          const kill = (): void => workerEnd.resolve({ exitCode: 0, signal: null });
          return { pid: 7, ended: workerEnd.promise, kill };
        },
      },
    ],
    ensureDemo: note('demo', null),
    facts: {
      version: '1',
      publicUrl: 'https://localhost:8443/',
      edge: { http: 'http://localhost:8080/', https: 'https://localhost:8443/' },
      caFile: '/ca.crt',
      logsDir: '/logs',
      baseDomain: 'localhost',
      httpsPort: 8443,
      listenAddress: '127.0.0.1',
      certificates: { baseDomain: 'localhost', directory: undefined, hasWildcard: false },
    },
    log: { write: () => undefined, close: () => undefined },
    close: note('closed', undefined),
  };
  const up = createUp({
    dataDir: '/data',
    takeLock: async () => {
      if (isLocked) return undefined;
      isLocked = true;
      return { release: () => (isLocked = false) };
    },
    control: {
      serve: async (given) => {
        handler = given;
        return { close: async () => undefined };
      },
      call: async () => undefined,
    },
    open: async () => platform,
  });
  const ask = (request: Record<string, string>) => handler?.(request, () => undefined);
  return { up, calls, ask };
}

function input(overrides: Partial<UpInput> = {}) {
  const stop = new AbortController();
  const ready = openPromise<ReadyView>();
  const lines: string[] = [];
  const given = {
    demo: false,
    signal: stop.signal,
    onProgress: (line: string) => void lines.push(line),
    onReady: ready.resolve,
    ...overrides,
  };
  return { given, ready: ready.promise, stop: () => stop.abort(), lines };
}

test('everything comes up from the ground, and Ctrl-C stops all but edge and stores', async () => {
  const { up, calls } = bench();
  const { given, ready, stop, lines } = input({ demo: true });
  const running = up(given);
  const view = await ready;
  stop();
  await running;
  expect(calls).toEqual([
    'host',
    'engine',
    'tools',
    'images',
    'services',
    'schema',
    'edge',
    'worker',
    'stores',
    'demo',
    'services stopped',
    'closed',
  ]);
  expect(lines.filter((line) => / \d\/9 /.test(line))).toHaveLength(9);
  expect(view.tips.join('\n')).toContain('ssh -L 8443:127.0.0.1:8443');
  expect(view).not.toHaveProperty('baseDomain');
});

test('a second start is refused at once and touches nothing', async () => {
  const { up, calls } = bench();
  const first = input();
  const running = up(first.given);
  await first.ready;
  const before = calls.length;
  await expect(up(input().given)).rejects.toMatchObject({ code: 'already_running' });
  expect(calls).toHaveLength(before);
  first.stop();
  await running;
});

test('a part that cannot be had ends the start with its cure, what was started is stopped, and the lock is free', async () => {
  const { up, calls } = bench({ breaks: 'schema' });
  await expect(up(input().given)).rejects.toMatchObject({ code: 'tool_missing', hint: 'mend it' });
  expect(calls.slice(-2)).toEqual(['services stopped', 'closed']);
  await expect(up(input().given)).rejects.toMatchObject({ code: 'tool_missing' });
});

test('down asks, and is answered when everything has stopped', async () => {
  const { up, calls, ask } = bench();
  const { given, ready } = input();
  const running = up(given);
  await ready;
  await ask({ command: 'stop' });
  expect(calls.at(-1)).toBe('closed');
  await running;
});

test('who looks over the shoulder sees the ready screen, or the error', async () => {
  const good = bench();
  const { given, ready, stop } = input();
  const running = good.up(given);
  await ready;
  expect(await good.ask({ command: 'watch' })).toMatchObject({ publicUrl: 'https://localhost:8443/' });
  stop();
  await running;
});
