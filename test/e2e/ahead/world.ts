import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { containerOf } from '../../../src/domain/names.ts';
import type { PoolMember } from '../../../src/domain/pool-member.ts';
import type { TestPlatform } from '../platform.ts';

/** A platform whose stores are made ahead, and of which kind they are. */
export interface AheadWorld {
  readonly platform: TestPlatform;
  readonly kind: 'woocommerce' | 'wordpress';
}

export const membersOf = ({ adapters }: TestPlatform): Promise<PoolMember[]> =>
  adapters.repositories.poolMembers.list();

/** Its containers, and since when each runs. */
export const whatRuns = ({ adapters }: TestPlatform, id: string): Promise<string[][]> =>
  Promise.all(
    ['web', 'db', 'cache'].map(async (service) => {
      const { Id, State } = await adapters.docker.getContainer(containerOf({ id }, service)).inspect();
      return [service, Id, State.StartedAt];
    }),
  );

/** Halves of snapshots, and whole ones. */
export const snapshotFolders = async ({ config }: TestPlatform): Promise<string[]> =>
  (await readdir(join(config.customersDir, 'golden')).catch(() => [])).toSorted();

/** Each store and each shop in the pool has its containers, networks and folders; there are no others, and no half a snapshot. */
export async function expectNothingOfNobodys(platform: TestPlatform): Promise<void> {
  const { adapters, config } = platform;
  const stores = await adapters.repositories.stores.list();
  const ids = [...new Set([...stores, ...(await membersOf(platform))].map(({ id }) => id))].toSorted();
  const known = await adapters.containers.knownStoreIds(config.instanceId);
  expect([...known].toSorted()).toEqual(ids);
  expect((await readdir(join(config.customersDir, 'stores'))).toSorted()).toEqual(ids);
  expect((await snapshotFolders(platform)).filter((name) => name.startsWith('.'))).toEqual([]);
}
