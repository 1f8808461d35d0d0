import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { createMachineKeeper } from '../desk/machine-facts.ts';
import type { CapacityReading } from '../domain/capacity.ts';
import type { Adapters } from './adapters.ts';
import { poolReadings } from './capacity.ts';
import { controlOf } from './control.ts';
import { readStatus } from './status.ts';

const MIB = 1024 ** 2;

/** Looks how the machine is and writes it down for the desk: the web process may look at nothing. */
export function createMachineChore(adapters: Adapters): () => Promise<void> {
  const { config, repositories } = adapters;
  const { settings, capacitySamples, deskLists } = repositories;
  const control = controlOf(config.dataDir);
  return createMachineKeeper({
    settings,
    samples: capacitySamples,
    async look() {
      const [{ version, services }, pools, disk, promisedMb] = await Promise.all([
        readStatus(adapters, control),
        poolReadings(adapters),
        diskReading(config.customersDir),
        deskLists.stores.promisedMemoryMb(),
      ]);
      return { version, services, readings: [...pools, disk, memoryReading()], promisedMemoryBytes: promisedMb * MIB };
    },
    now: () => new Date(),
  });
}

/** Of the file system that holds the stores, without what only root may use. */
async function diskReading(folder: string): Promise<CapacityReading> {
  const { blocks, bfree, bavail, bsize } = await statfs(folder);
  const used = (blocks - bfree) * bsize;
  return { resource: 'disk', used, size: used + bavail * bsize };
}

/** What the kernel could not give to another program. */
function memoryReading(): CapacityReading {
  return { resource: 'memory', used: totalmem() - freemem(), size: totalmem() };
}
