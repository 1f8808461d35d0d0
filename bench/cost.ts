import pLimit from 'p-limit';
import type { PlatformName } from '../src/domain/store.ts';
import { MINUTE } from '../src/lib/time.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import { signUp } from './front-door/sign-up.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { COST_UNITS, costOfStores } from './stores/cost-of-stores.ts';
import { firstPage } from './stores/first-page.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';
import { removeStores } from './stores/remove-stores.ts';
import { haveSnapshot } from './stores/set-pool.ts';
import { urlOf } from './stores/url-of.ts';

const KIND: PlatformName = 'wordpress';
const FEW = 10;
const MANY = 60;
const CREATED = 5;
const MADE_AT_ONCE = 4;
const IDLE_MS = 2 * MINUTE;
const at = (count: number): string => `ours, at ${count} stores`;

export const benchmark: Benchmark = {
  title: `From the sign-up form to the first 200 of the shop, with ${FEW} and with ${MANY} stores running on the machine.`,
  unit: 'ms',
  rounds: 1,
  warmUps: 0,
  reference: at(FEW),
  partUnits: COST_UNITS,
  partsTitle: 'What a store costs that nobody visits',
  notes: [
    `WordPress, each copied from a snapshot, nothing in the pool. ${CREATED} stores are made one after the other at each number, and taken away again.`,
    'What would lower it: [limits](limits.md#cost-sixty-stores).',
    'The numbers come one after the other, not by turns: filling the machine takes longer than measuring.',
    'Memory is without files that the kernel would give back; disk is the store’s folder, the images are shared by all.',
    `Processor time is that of ${IDLE_MS / MINUTE} minutes without a visitor, per store. That of the engine is of its daemons and of what holds each container, which also start each health check; a check itself runs in its container, and is in that part. The platform is its supervisor, worker, web and the clocks that it rings; its MySQL and Redis are not in it.`,
  ],
  open: (context) =>
    openOnPlatform(context, openCases, { LOG_LEVEL: 'warn', SIGNUPS_PER_ADDRESS: '100000', GOLDEN_SNAPSHOTS: '1' }),
};

async function openCases(platform: TestPlatform, { say, signal }: BenchContext): Promise<Omit<OpenBenchmark, 'close'>> {
  say('making a snapshot');
  await haveSnapshot(platform, KIND);
  const measureAt = (count: number) => async (): Promise<Sample[]> => {
    say(`filling the machine with ${count} stores`);
    await fillUpTo(platform, count);
    const stores = await platform.adapters.repositories.stores.list();
    const parts = await costOfStores(platform, stores, IDLE_MS, signal);
    const samples: Sample[] = [];
    while (samples.length < CREATED) samples.push(await create(platform, `made-${count}-${samples.length}`));
    await removeStores(platform, `made-${count}-`);
    const [first, ...others] = samples;
    return first === undefined ? [] : [{ ...first, parts }, ...others];
  };
  return {
    facts: { engine: (await platform.adapters.docker.version()).Version },
    cases: { [at(FEW)]: measureAt(FEW), [at(MANY)]: measureAt(MANY) },
  };
}

async function create(platform: TestPlatform, name: string): Promise<Sample> {
  const startedAt = performance.now();
  const opened = firstPage(platform, urlOf(platform, name));
  opened.catch(() => undefined);
  const { storeId } = await signUp(platform, name, KIND);
  await opened;
  const total = performance.now() - startedAt;
  await platform.settled(storeId, ['active']);
  return { total };
}

async function fillUpTo(platform: TestPlatform, count: number): Promise<void> {
  const there = (await platform.adapters.repositories.stores.list()).length;
  const limit = pLimit(MADE_AT_ONCE);
  const missing = Array.from({ length: count - there }, (_, n) => `filled-${there + n}`);
  await Promise.all(
    missing.map((name) =>
      limit(async () => {
        const { storeId } = await signUp(platform, name, KIND);
        await platform.settled(storeId, ['active']);
      }),
    ),
  );
}
