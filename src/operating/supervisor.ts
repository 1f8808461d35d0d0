import type { RunningProgram } from '../adapters/process/start-program.ts';
import { pause } from '../lib/deadline.ts';
import { SECOND } from '../lib/time.ts';
import type { ProcessKind } from './platform.ts';

/** A worker parks its step between two effects; longer than its own limit for that. */
const STOP_WITHIN_MS = 30 * SECOND;
const FIRST_RESTART_MS = 500;
const SLOWEST_RESTART_MS = 10 * SECOND;
/** Who lived that long has not been crashing: the next restart is quick again. */
const STEADY_AFTER_MS = 5 * SECOND;
const EXIT_CONFIGURATION = 78;

export interface Supervisor {
  startAll(): void;
  /** Pids of the processes of that kind that run now. */
  pidsOf(name: ProcessKind['name']): number[];
  /** One after the other, so that somebody is always at work. */
  restart(name: ProcessKind['name'], signal: AbortSignal): Promise<void>;
  /** All at once, orderly; who does not end in time is killed. Nothing is started afterwards. */
  stopAll(): Promise<void>;
}

interface Slot {
  readonly kind: ProcessKind;
  readonly label: string;
  running: RunningProgram | undefined;
  /** Somebody asked for the end: no reason to wait before the next start. */
  isAskedToEnd: boolean;
  loop: Promise<void>;
}

/** Keeps processes running: who crashes is started again, ever more slowly while it goes on crashing. */
export function createSupervisor(
  kinds: readonly ProcessKind[],
  onEvent: (line: string) => void,
  timing = { firstMs: FIRST_RESTART_MS, slowestMs: SLOWEST_RESTART_MS, stopWithinMs: STOP_WITHIN_MS },
): Supervisor {
  const stopping = new AbortController();
  const slots: Slot[] = [];

  async function keepRunning(slot: Slot): Promise<void> {
    let delayMs = timing.firstMs;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const end = await runOnce(slot);
      if (stopping.signal.aborted) return;
      if (slot.isAskedToEnd) {
        slot.isAskedToEnd = false;
        continue;
      }
      if (end === `exit code ${EXIT_CONFIGURATION}`) {
        onEvent(
          `${slot.label} refuses its configuration and is not started again; see: shopctl logs ${slot.kind.name}`,
        );
        return;
      }
      if (Date.now() - startedAt > STEADY_AFTER_MS) delayMs = timing.firstMs;
      onEvent(`${slot.label} ended (${end}); starting it again in ${delayMs / SECOND} s`);
      await pause(delayMs, stopping.signal).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, timing.slowestMs);
    }
  }

  async function runOnce(slot: Slot): Promise<string> {
    try {
      slot.running = await slot.kind.start((line) => slot.kind.log.write(line));
      if (stopping.signal.aborted) slot.running.kill('SIGTERM');
      const { exitCode, signal } = await slot.running.ended;
      return signal ?? `exit code ${exitCode}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      slot.running = undefined;
    }
  }

  async function end(running: RunningProgram): Promise<void> {
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), timing.stopWithinMs);
    await running.ended;
    clearTimeout(timer);
  }

  return {
    startAll() {
      for (const kind of kinds) {
        for (let number = 1; number <= kind.count; number++) {
          const label = kind.count === 1 ? `The ${kind.name}` : `The ${kind.name} ${number}`;
          const slot: Slot = { kind, label, running: undefined, isAskedToEnd: false, loop: Promise.resolve() };
          slot.loop = keepRunning(slot);
          slots.push(slot);
        }
      }
    },
    pidsOf: (name) => slots.flatMap(({ kind, running }) => (kind.name === name && running ? [running.pid] : [])),
    async restart(name, signal) {
      for (const slot of slots.filter(({ kind }) => kind.name === name)) {
        signal.throwIfAborted();
        if (slot.running === undefined) continue;
        slot.isAskedToEnd = true;
        await end(slot.running);
      }
    },
    async stopAll() {
      stopping.abort();
      await Promise.all(slots.flatMap(({ running }) => (running === undefined ? [] : [end(running)])));
      await Promise.all(slots.map(({ loop }) => loop));
      for (const { log } of kinds) log.close();
    },
  };
}
