import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineCall } from '../../src/adapters/docker/docker-client.ts';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { containerOf, directoryOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';
import { SERVICE_NAMES } from '../../src/domain/subnets.ts';
import { servicesOf } from '../../src/stacks/index.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

const MEBIBYTE = 1024 * 1024;
const ON_DISK = 'on disk';
const memoryOf = (service: string): string => `memory of ${service}`;

/** For `Benchmark.partUnits`. */
export const WEIGHT_UNITS = Object.fromEntries([...SERVICE_NAMES.map(memoryOf), ON_DISK].map((part) => [part, 'MiB']));

/**
 * What a store that was just visited weighs, in MiB: memory of each service without the pages of files that the kernel
 * would give back, and its folder on disk.
 */
export async function storeWeight({ adapters, config }: TestPlatform, store: Store): Promise<Record<string, number>> {
  const parts: Record<string, number> = {};
  for (const service of Object.keys(servicesOf(store))) {
    const { State } = await engineCall(`state of ${service}`, () =>
      adapters.docker.getContainer(containerOf(store, service)).inspect(),
    );
    parts[memoryOf(service)] = (await memoryOfGroup(State.Pid)) / MEBIBYTE;
  }
  const folder = join(config.customersDir, directoryOf(store));
  const { stdout } = await runCommand({ path: '/usr/bin/du' }, ['--summarize', '--block-size=1', folder]);
  parts[ON_DISK] = Number(stdout.split('\t')[0]) / MEBIBYTE;
  return parts;
}

/** Bytes of a container by its first process. From the kernel: not every engine tells it under every layout of cgroups. */
async function memoryOfGroup(pid: number): Promise<number> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
  const own = /^\d+:(?:\S+,)?memory(?:,\S+)?:(.*)$/m.exec(groups)?.[1];
  const folder = own === undefined ? `/sys/fs/cgroup${/^0::(.*)$/m.exec(groups)?.[1]}` : `/sys/fs/cgroup/memory${own}`;
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const usage = Number(await read(own === undefined ? 'memory.current' : 'memory.usage_in_bytes'));
  const files = /^(?:total_)?inactive_file (\d+)$/gm;
  // Version 1 tells its own alone before the sum with those below.
  return usage - Number([...(await read('memory.stat')).matchAll(files)].at(-1)?.[1]);
}
