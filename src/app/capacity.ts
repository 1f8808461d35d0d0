import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import type { CapacityReading } from '../domain/capacity.ts';
import { AppError } from '../domain/errors.ts';
import { subnetCount } from '../domain/subnets.ts';
import type { Adapters } from './adapters.ts';

const MIB = 1024 ** 2;
const LEAST_FREE_BYTES = 1024 ** 3;
const LEAST_FREE_FILES = 10_000;

/** A store needs room for its database alone of some hundred MB; below one GB free nothing new is begun. */
async function hasRoomOnDisk(folder: string): Promise<boolean> {
  const { bavail, bsize, ffree } = await statfs(folder);
  return bavail * bsize >= LEAST_FREE_BYTES && ffree > LEAST_FREE_FILES;
}

/** Throws `disk_full` when nothing new should be begun in this folder. */
export async function assertRoomOnDisk(folder: string): Promise<void> {
  if (await hasRoomOnDisk(folder)) return;
  throw new AppError('disk_full', 'There is no room for another store on this machine.', {
    hint: 'Free some space (at least 1 GB), or delete stores that are no longer needed.',
    retryable: true,
  });
}

/** How many ports, networks and user ids stores have, and how many there are for them. */
export async function poolReadings({
  config,
  repositories,
}: Pick<Adapters, 'config' | 'repositories'>): Promise<CapacityReading[]> {
  const { ports, storeSubnets, storeUids } = config;
  const used = await repositories.runStatistics.allocated();
  const reserved = ports.reserved.filter((port) => port >= ports.start && port <= ports.max).length;
  return [
    { resource: 'ports', used: used.ports, size: ports.max - ports.start + 1 - reserved },
    { resource: 'subnets', used: used.subnets, size: subnetCount(storeSubnets) - 1 },
    { resource: 'uids', used: used.uids, size: storeUids.end - storeUids.start + 1 },
  ];
}

/** Is there place for one more store: disk, a port, a network, a user id? */
export async function hasRoom(adapters: Pick<Adapters, 'config' | 'repositories'>): Promise<boolean> {
  const pools = await poolReadings(adapters);
  return pools.every(({ used, size }) => used < size) && (await hasRoomOnDisk(adapters.config.customersDir));
}

/** What shops that nobody wants yet leave of everything to those that somebody wants. */
const LEFT_TO_CUSTOMERS = 0.1;

/** Is there place for one that nobody has asked for, with something left of ports, networks, user ids and memory? */
export async function hasRoomAhead(
  adapters: Pick<Adapters, 'config' | 'repositories'>,
  memoryMb: number,
): Promise<boolean> {
  const pools = await poolReadings(adapters);
  const memory = freemem() - memoryMb * MIB;
  return (
    pools.every(({ used, size }) => used + 1 <= size * (1 - LEFT_TO_CUSTOMERS)) &&
    memory >= totalmem() * LEFT_TO_CUSTOMERS &&
    (await hasRoomOnDisk(adapters.config.customersDir))
  );
}
