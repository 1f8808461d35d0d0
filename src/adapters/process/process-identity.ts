import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly hostname: string;
  readonly bootId: string;
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat` (proc(5)): tells a process from a later one with the same pid. */
  readonly startTicks: string;
}

/** Who this process is, so that others can tell whether it still lives. */
export async function identifySelf(): Promise<ProcessIdentity> {
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return { hostname: hostname(), bootId, pid: process.pid, startTicks: (await startTicksOf(process.pid)) ?? '0' };
}

/** Whether that very process still runs on this machine. A zombie counts as dead. */
export async function isProcessAlive(pid: number, startTicks: string): Promise<boolean> {
  return (await startTicksOf(pid)) === startTicks;
}

async function startTicksOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field is the command in brackets and may hold spaces: count from behind it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? undefined : rest[18];
}
