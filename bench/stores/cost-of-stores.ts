import { engineCall } from '../../src/adapters/docker/docker-client.ts';
import { containerOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';
import { pause } from '../../src/lib/deadline.ts';
import { servicesOf } from '../../src/stacks/index.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';
import { cpuOfContainer, cpuOfEngine, cpuOfTree } from './cpu-time.ts';
import { storeWeight, WEIGHT_UNITS } from './store-weight.ts';

const PER_CENT = 100;
const CPU_UNIT = '% of a core';
const cpuOf = (part: string): string => `idle CPU of ${part}`;
const ENGINE = 'the engine and its shims';
const PLATFORM = 'the platform';

export const COST_UNITS: Readonly<Record<string, string>> = {
  ...WEIGHT_UNITS,
  ...Object.fromEntries(['web', 'db', 'cache', ENGINE, PLATFORM].map((part) => [cpuOf(part), CPU_UNIT])),
};

/**
 * What each of the stores costs on average, while nobody visits them: memory and disk by part, and processor time by
 * part over so long a time; that of the engine and of the platform is shared out among all of them.
 */
export async function costOfStores(
  platform: TestPlatform,
  stores: readonly Store[],
  overMs: number,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const weights: Record<string, number>[] = [];
  for (const store of stores) weights.push(await storeWeight(platform, store));
  const before = await cpuByPart(platform, stores);
  await pause(overMs, signal);
  const after = await cpuByPart(platform, stores);
  const parts = Object.keys(weights[0] ?? {}).map((part) => [
    part,
    weights.reduce((sum, weight) => sum + (weight[part] ?? 0), 0) / stores.length,
  ]);
  const cpu = Object.entries(after).map(([part, ms]) => [
    cpuOf(part),
    ((ms - (before[part] ?? 0)) / overMs / stores.length) * PER_CENT,
  ]);
  return Object.fromEntries([...parts, ...cpu]) as Record<string, number>;
}

async function cpuByPart({ adapters, up }: TestPlatform, stores: readonly Store[]): Promise<Record<string, number>> {
  const parts: Record<string, number> = {};
  for (const store of stores) {
    for (const service of Object.keys(servicesOf(store))) {
      const { State } = await engineCall(`state of ${service}`, () =>
        adapters.docker.getContainer(containerOf(store, service)).inspect(),
      );
      parts[service] = (parts[service] ?? 0) + (await cpuOfContainer(State.Pid));
    }
  }
  return { ...parts, [ENGINE]: await cpuOfEngine(), [PLATFORM]: await cpuOfTree(up.pid ?? 0) };
}
