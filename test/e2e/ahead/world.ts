import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PoolMember } from '../../../src/domain/pool-member.ts';
import type { PlatformName } from '../../../src/domain/store.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { composeByHand } from '../compose-by-hand.ts';
import type { TestPlatform } from '../platform.ts';
import { until } from '../until.ts';

/** A platform whose stores are made ahead, and of which kind they are. */
export interface AheadWorld {
  readonly platform: TestPlatform;
  readonly kind: 'woocommerce' | 'wordpress';
}

export const membersOf = ({ adapters }: TestPlatform): Promise<PoolMember[]> =>
  adapters.repositories.poolMembers.list();

/** Its containers, and since when each runs. */
export async function whatRuns({ adapters }: TestPlatform, { id }: Pick<StoreView, 'id'>): Promise<string[]> {
  const filters = { label: [`shophosting.store=${id}`] };
  const all = await adapters.docker.listContainers({ all: true, filters });
  const found = await Promise.all(all.map(({ Id }) => adapters.docker.getContainer(Id).inspect()));
  return found.map(({ Name, Id, State }) => [Name, Id, State.StartedAt].join(' ')).toSorted();
}

/** What the run that made the store noted when its containers started. */
export async function wordsOfStart(platform: TestPlatform, { id }: Pick<StoreView, 'id'>): Promise<string> {
  const { items } = (await platform.ok('job', 'list')) as { items: { id: string; storeId: string }[] };
  const run = items.find(({ storeId }) => storeId === id);
  const { steps } = await platform.adapters.repositories.runs.get(run?.id ?? '');
  return steps.find(({ name }) => name === 'start-containers')?.logTail ?? '';
}

/** What a person does by hand changes nothing: the compose file on the disk says what runs. */
export async function expectComposeToAgree(platform: TestPlatform, store: Pick<StoreView, 'id'>): Promise<void> {
  const before = await whatRuns(platform, store);
  await composeByHand(platform, store);
  expect(await whatRuns(platform, store)).toEqual(before);
}

/** Resolves when stores of this platform begin with a snapshot. */
export const untilSnapshotOf = (platform: TestPlatform, kind: PlatformName): Promise<true> =>
  until(async () => {
    const { items } = (await platform.ok('golden', 'list')) as { items: { platform: string; isOfToday: boolean }[] };
    return items.some((snapshot) => snapshot.platform === kind && snapshot.isOfToday) ? true : undefined;
  }, 6 * MINUTE);

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
