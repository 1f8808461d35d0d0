import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The kernel tells it in ticks of a hundredth of a second, whatever its own clock is. */
const TICK_MS = 10;
const NANOSECONDS_PER_MS = 1e6;
const MICROSECONDS_PER_MS = 1e3;
const ENGINE = /^(?:dockerd|containerd|containerd-shim.*|docker-proxy)$/;

/** Milliseconds of processor time that a container has had, by its first process, from its cgroup. */
export async function cpuOfContainer(pid: number): Promise<number> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
  const own = /^\d+:(?:\S+,)?cpuacct(?:,\S+)?:(.*)$/m.exec(groups)?.[1];
  if (own !== undefined)
    return Number(await readFile(join('/sys/fs/cgroup/cpuacct', own, 'cpuacct.usage'), 'utf8')) / NANOSECONDS_PER_MS;
  const folder = `/sys/fs/cgroup${/^0::(.*)$/m.exec(groups)?.[1]}`;
  const usage = /^usage_usec (\d+)$/m.exec(await readFile(join(folder, 'cpu.stat'), 'utf8'))?.[1];
  return Number(usage) / MICROSECONDS_PER_MS;
}

/** The same of the engine: its daemons, what holds containers and ports for it, and its helpers that have ended. */
export async function cpuOfEngine(): Promise<number> {
  return sumOf((await allProcesses()).filter(({ name }) => ENGINE.test(name)));
}

/** The same of a process and everything below it. */
export async function cpuOfTree(root: number): Promise<number> {
  const all = await allProcesses();
  const inTree = new Set([root]);
  for (let before = 0; before !== inTree.size; ) {
    before = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  return sumOf(all.filter(({ pid }) => inTree.has(pid)));
}

interface ProcessTime {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly ms: number;
}

const sumOf = (processes: readonly ProcessTime[]): number => processes.reduce((sum, { ms }) => sum + ms, 0);

async function allProcesses(): Promise<ProcessTime[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const each = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
      // State, parent, … then user, system, and the same of children that were waited for.
      const fields = rest.split(' ');
      const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
      return { pid: Number(pid), parent: Number(fields[1]), name, ms: ticks * TICK_MS };
    }),
  );
  return each.filter(({ name }) => name !== '');
}
