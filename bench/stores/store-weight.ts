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
    const stats = await engineCall(`stats of ${service}`, () =>
      adapters.docker.getContainer(containerOf(store, service)).stats({ stream: false }),
    );
    const { usage, stats: kinds } = stats.memory_stats;
    const files = kinds['total_inactive_file'] ?? kinds['inactive_file'] ?? 0;
    parts[memoryOf(service)] = (usage - files) / MEBIBYTE;
  }
  const folder = join(config.customersDir, directoryOf(store));
  const { stdout } = await runCommand({ path: '/usr/bin/du' }, ['--summarize', '--block-size=1', folder]);
  parts[ON_DISK] = Number(stdout.split('\t')[0]) / MEBIBYTE;
  return parts;
}
