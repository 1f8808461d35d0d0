import { expect, test } from 'vitest';
import type { ProgramEnd, RunningProgram } from '../adapters/process/start-program.ts';
import { openPromise } from './open-promise.ts';
import type { ProcessKind } from './platform.ts';
import { createSupervisor } from './supervisor.ts';

const TIMING = { firstMs: 1, slowestMs: 4, stopWithinMs: 20 };

/** Programs that only end when told, by us or by the test. */
function bench({ count = 1, obeys = true } = {}) {
  const alive = new Map<number, (end: ProgramEnd) => void>();
  const events: string[] = [];
  const kills: string[] = [];
  let nextPid = 100;
  const kind: ProcessKind = {
    name: 'worker',
    count,
    log: { write: () => undefined, close: () => undefined },
    isReady: () => Promise.resolve(true),
    async start(): Promise<RunningProgram> {
      const pid = nextPid++;
      const { promise, resolve } = openPromise<ProgramEnd>();
      alive.set(pid, (end) => {
        alive.delete(pid);
        resolve(end);
      });
      const kill = (signal: 'SIGTERM' | 'SIGKILL'): void => {
        kills.push(`${pid} ${signal}`);
        if (obeys || signal === 'SIGKILL') alive.get(pid)?.({ exitCode: null, signal });
      };
      return { pid, ended: promise, kill };
    },
  };
  const supervisor = createSupervisor([kind], (line) => void events.push(line), TIMING);
  const crash = (pid: number, exitCode = 1): void => alive.get(pid)?.({ exitCode, signal: null });
  const untilRunning = (pids: number[]) => expect.poll(() => supervisor.pidsOf('worker')).toEqual(pids);
  return { supervisor, crash, events, kills, untilRunning };
}

test('who crashes is started again, ever more slowly', async () => {
  const { supervisor, crash, events, untilRunning } = bench();
  supervisor.startAll();
  for (const pid of [100, 101, 102]) {
    await untilRunning([pid]);
    crash(pid);
  }
  await untilRunning([103]);
  expect(events.map((line) => line.replace(/^.*again in /, ''))).toEqual(['0.001 s', '0.002 s', '0.004 s']);
  await supervisor.stopAll();
});

test('a process that refuses its configuration is not started again', async () => {
  const { supervisor, crash, events, untilRunning } = bench();
  supervisor.startAll();
  await untilRunning([100]);
  crash(100, 78);
  await expect.poll(() => events).toHaveLength(1);
  expect(events[0]).toContain('refuses its configuration');
  expect(supervisor.pidsOf('worker')).toEqual([]);
  await supervisor.stopAll();
});

test('a restart takes one after the other and starts at once', async () => {
  const { supervisor, events, kills, untilRunning } = bench({ count: 2 });
  supervisor.startAll();
  await untilRunning([100, 101]);
  await supervisor.restart('worker', AbortSignal.timeout(1000));
  await untilRunning([102, 103]);
  expect(kills).toEqual(['100 SIGTERM', '101 SIGTERM']);
  expect(events).toEqual([]);
  await supervisor.stopAll();
});

test('stopping kills who does not end in time, and starts nobody', async () => {
  const { supervisor, kills, untilRunning } = bench({ obeys: false });
  supervisor.startAll();
  await untilRunning([100]);
  await supervisor.stopAll();
  expect(kills).toEqual(['100 SIGTERM', '100 SIGKILL']);
  expect(supervisor.pidsOf('worker')).toEqual([]);
});
