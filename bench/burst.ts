import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlatformName, Store } from '../src/domain/store.ts';
import { MINUTE } from '../src/lib/time.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import type { Closer } from './front-door/close-all.ts';
import { signUp } from './front-door/sign-up.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { percentile } from './harness/measure.ts';
import { type SeedNginx, startSeedNginx } from './seed/seed-nginx.ts';
import {
  aSeedStore,
  BASELINES,
  provisionAsSeed,
  removeSeedStore,
  SEED,
  type SeedTiming,
} from './seed/seed-pipeline.ts';
import { firstPage } from './stores/first-page.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';
import { removeStores } from './stores/remove-stores.ts';
import { haveSnapshot, setPool } from './stores/set-pool.ts';
import { urlOf } from './stores/url-of.ts';

const KIND: PlatformName = 'wordpress';
const SIGN_UPS = 50;
const IN_POOL = 10;
const OURS = `ours, ${SIGN_UPS} sign-ups at once`;
const IN_A_ROW = 3;
/** Fifty who look as often as one does elsewhere would be what the machine is busy with. */
const LOOK_EVERY_MS = 250;

export const benchmark: Benchmark = {
  title: `Stores made per minute, when ${SIGN_UPS} people send the sign-up form at once and ${IN_POOL} shops wait in the pool.`,
  unit: '/min',
  rounds: 2,
  warmUps: 0,
  reference: SEED,
  partUnits: { 'first live': 's', 'half live': 's', 'all live': 's' },
  partsTitle: 'When they are live',
  notes: [
    `From the first form's first byte to the first 200 of the last shop's own page, through the edge; each page is looked for every ${LOOK_EVERY_MS} ms until it is there. Live means that the page of the shop itself answers.`,
    'Everything runs on the same machine: forms, looks, the shops’ first pages and what makes them.',
    `The seed has one worker that makes one store after the other, and so does whoever makes them by hand; ${IN_A_ROW} in a row are measured, and their sign-up is not counted.`,
    'What the pool held was made before, at the price that the rest of the burst pays in the open: making the ten is not in the figure.',
  ],
  open: (context) =>
    openOnPlatform(context, openCases, {
      LOG_LEVEL: 'warn',
      SIGNUPS_PER_ADDRESS: '100000',
      GOLDEN_SNAPSHOTS: '1',
      POOL_MAX: String(IN_POOL),
    }),
};

async function openCases(
  platform: TestPlatform,
  { say }: BenchContext,
  closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  say('making a snapshot');
  await haveSnapshot(platform, KIND);
  const folder = await mkdtemp(join(tmpdir(), 'shop-bench-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const nginx = await startSeedNginx(folder, platform.config.http.httpsPort + 240);
  closers.push(() => nginx.stop());
  const { id } = await platform.createStore('pattern', { platform: KIND });
  const like = await platform.adapters.repositories.stores.get(id);
  let burst = 0;
  return {
    facts: { engine: (await platform.adapters.docker.version()).Version },
    cases: {
      [OURS]: async () => {
        say(`waiting for ${IN_POOL} shops in the pool`);
        await setPool(platform, KIND, IN_POOL);
        burst += 1;
        const sample = await measureBurst(platform, `burst-${burst}`).catch(async (error: unknown) => {
          say(await whatIsThere(platform));
          throw error;
        });
        await setPool(platform, KIND, 0);
        await removeStores(platform, `burst-${burst}-`);
        return sample;
      },
      ...Object.fromEntries(
        Object.entries(BASELINES).map(([name, timing]) => [name, () => measureInARow(platform, nginx, like, timing)]),
      ),
    },
  };
}

async function measureBurst(platform: TestPlatform, prefix: string): Promise<Sample> {
  const names = Array.from({ length: SIGN_UPS }, (_, n) => `${prefix}-${n}`);
  const startedAt = performance.now();
  const liveAt = await Promise.all(
    names.map(async (name) => {
      await signUp(platform, name, KIND);
      await firstPage(platform, urlOf(platform, name), LOOK_EVERY_MS);
      return (performance.now() - startedAt) / 1000;
    }),
  );
  const all = Math.max(...liveAt);
  const parts = { 'first live': Math.min(...liveAt), 'half live': percentile(liveAt, 50), 'all live': all };
  return { total: (SIGN_UPS / all) * 60, parts };
}

/** For whoever wants to know why a burst was not served. */
async function whatIsThere(platform: TestPlatform): Promise<string> {
  const stores = await platform.adapters.repositories.stores.list();
  const lines = stores
    .filter(({ status }) => status !== 'active')
    .map(({ name, status, error }) => `${name}: ${status} ${error?.code ?? ''}`);
  return [...lines, platform.output().slice(-2000)].join('\n');
}

async function measureInARow(
  platform: TestPlatform,
  nginx: SeedNginx,
  like: Store,
  timing: SeedTiming,
): Promise<Sample> {
  const stores: Store[] = [];
  const startedAt = performance.now();
  try {
    while (stores.length < IN_A_ROW) {
      const store = aSeedStore(platform, like);
      stores.push(store);
      await provisionAsSeed(platform, nginx, store, timing, () => undefined);
      await firstPage(platform, `https://${store.domain}:${nginx.httpsPort}/`);
    }
    return { total: (stores.length * MINUTE) / (performance.now() - startedAt) };
  } finally {
    for (const store of stores) await removeSeedStore(platform, nginx, store);
  }
}
