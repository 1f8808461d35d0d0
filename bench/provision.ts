import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLATFORMS_AHEAD } from '../src/app/pool-wishes.ts';
import { AppError } from '../src/domain/errors.ts';
import { STEP_NAMES } from '../src/domain/run.ts';
import type { PlatformName, Store } from '../src/domain/store.ts';
import { MINUTE } from '../src/lib/time.ts';
import { findMagentoParts } from '../test/e2e/magento/parts.ts';
import { startPlatform, type TestPlatform } from '../test/e2e/platform.ts';
import { signUp } from './front-door/sign-up.ts';
import type { Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { type SeedNginx, startSeedNginx } from './seed/seed-nginx.ts';
import {
  aSeedStore,
  BASELINES,
  provisionAsSeed,
  removeSeedStore,
  SEED,
  SEED_ADMIN,
  type SeedTiming,
} from './seed/seed-pipeline.ts';
import { adminOpens, adminOpensTo } from './stores/admin-opens.ts';
import { bestPlatform } from './stores/best-platform.ts';
import { firstPage } from './stores/first-page.ts';
import { haveSnapshot, setPool, untilEngineHasLooked } from './stores/set-pool.ts';
import { stepTimes } from './stores/step-times.ts';
import { storeWeight, WEIGHT_UNITS } from './stores/store-weight.ts';
import { urlOf } from './stores/url-of.ts';

const POOL = 'ours, a shop waits in the pool';
const CLONE = 'ours, copied from a snapshot';
const INSTALLED = 'ours, installed';
const ANSWERED = 'form answered';
const ADMINISTRATION = 'administration opens';
const AFTER_ANSWER = 'from the answer to the first page';
/** A platform whose shops are made ahead, here. */
const isMadeAhead = (kind: PlatformName): boolean => PLATFORMS_AHEAD.includes(kind);

export const benchmark: Benchmark = {
  title:
    "From the first byte of the sign-up form to the first 200 of the shop's own page over HTTPS through the proxy, images warm.",
  unit: 'ms',
  rounds: 10,
  warmUps: 1,
  // The store that tells the images is made before, and has warmed up what there is to warm.
  ofPlatform: { magento: { rounds: 3, warmUps: 0 } },
  reference: SEED,
  notes: [
    'Ours begins with the form: the password’s hash (argon2id), account, session and mail are in it. The seed and the work by hand begin at what makes the store: queue, sign-up and database are not counted.',
    '`form answered`: the form is accepted and its answer is there, from where on its visitor waits for the store. `administration opens`: the owner has signed in to wp-admin with the credentials that the platform shows.',
    'In the pool: one shop waits when the form is sent, long enough that the engine has looked at its health once; making the next one is not in the figure. Copied from a snapshot: the pool is empty.',
    'By hand: a careful person’s compose file (the same one) with a health check a second, `docker compose up --wait`, one install command, one nginx file and one reload, with the certificate made meanwhile.',
    'The seed is reconstructed from its description: its order of steps, a look at the health of containers every 5 s, one nginx file and two reloads per store.',
    'The seed names no health check interval; its own poll of 5 s is taken, not the 30 s that Compose would use.',
    'All use the same images, the same installer (one command; the seed describes several wp-cli calls, which would take longer), the same compose profile and the same local certificate authority instead of an ACME server.',
    'Cases take turns in one run; deleting is not measured.',
    'Memory is of the store just made and asked for its first page, on either side, without files that the kernel would give back; disk is its folder, images not among it.',
  ],
  partUnits: WEIGHT_UNITS,
  timelines: { cases: [POOL, CLONE], parts: [ANSWERED, ...STEP_NAMES], end: 'first page' },
  async open({ say, platform: wished }) {
    say('starting a platform of its own');
    const { engine, settings } = await partsOf(wished);
    const common = { LOG_LEVEL: 'warn', SIGNUPS_PER_ADDRESS: '100000', ...settings };
    const platform = await startPlatform(2, { ...common, GOLDEN_SNAPSHOTS: '1' });
    if (wished === 'magento') await platform.ok('images', 'prepare', wished);
    const folder = await mkdtemp(join(tmpdir(), 'shop-bench-'));
    const nginx = await startSeedNginx(folder, platform.config.http.httpsPort + 240);
    const kind = wished ?? (await bestPlatform(platform));
    const like = await patternStore(platform, kind);
    if (isMadeAhead(kind)) {
      say('making a snapshot');
      await haveSnapshot(platform, kind);
    }
    const baselines = Object.entries(BASELINES).map(
      ([name, timing]) => [name, () => measureSeed(platform, nginx, like, timing)] as const,
    );
    return {
      facts: {
        store: kind,
        'made of': Object.entries(like.versions).flat().join(' '),
        ...(engine === undefined ? {} : { search: engine }),
        engine: (await platform.adapters.docker.version()).Version,
      },
      cases: {
        ...(isMadeAhead(kind) ? casesAhead(platform, kind) : { [INSTALLED]: () => measureOurs(platform, kind) }),
        ...Object.fromEntries(baselines),
      },
      async close() {
        await nginx.stop();
        await platform.destroy();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

interface Parts {
  /** Which search engine the stores have; `undefined` where they need none. */
  readonly engine?: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Magento wants a search engine: what is in the archive folder, else the tests' stand-in. */
async function partsOf(platform: PlatformName | undefined): Promise<Parts> {
  if (platform !== 'magento') return { settings: {} };
  const { missing, engine, settings } = await findMagentoParts();
  if (missing !== undefined) throw new AppError('platform_unavailable', `Magento cannot be measured here: ${missing}.`);
  return { engine, settings: await settings(AbortSignal.timeout(5 * MINUTE)) };
}

function casesAhead(platform: TestPlatform, kind: PlatformName): OpenBenchmark['cases'] {
  return {
    [POOL]: async () => {
      await setPool(platform, kind, 1);
      await untilEngineHasLooked(platform);
      try {
        return await measureOurs(platform, kind);
      } finally {
        // Nothing is to be made while the others are measured.
        await setPool(platform, kind, 0);
      }
    },
    [CLONE]: () => measureOurs(platform, kind),
  };
}

async function measureOurs(platform: TestPlatform, kind: PlatformName): Promise<Sample> {
  const { get } = platform.adapters.repositories.stores;
  const name = `ours-${Date.now().toString(36)}`;
  const startedAt = performance.now();
  const since = (): number => performance.now() - startedAt;
  const opened = firstPage(platform, urlOf(platform, name)).then(since);
  // Whatever fails before it is waited for is this case's failure, told below.
  opened.catch(() => undefined);
  const { storeId } = await signUp(platform, name, kind);
  const answered = since();
  const total = await opened;
  const administration =
    kind === 'magento' ? {} : { [ADMINISTRATION]: await adminOpens(platform, storeId).then(since) };
  const active = await platform.settled(storeId, ['active']);
  const weight = await storeWeight(platform, await get(storeId));
  await platform.ok('store', 'delete', storeId, '--yes', '--wait');
  const parts = { [ANSWERED]: answered, [AFTER_ANSWER]: total - answered };
  return { total, parts: { ...parts, ...stepTimes(active), ...administration, ...weight } };
}

async function measureSeed(platform: TestPlatform, nginx: SeedNginx, like: Store, timing: SeedTiming): Promise<Sample> {
  const store = aSeedStore(platform, like);
  const parts: Record<string, number> = {};
  const startedAt = performance.now();
  let last = startedAt;
  const mark = (step: string): void => {
    const now = performance.now();
    parts[step] = now - last;
    last = now;
  };
  try {
    await provisionAsSeed(platform, nginx, store, timing, mark);
    await firstPage(platform, `https://${store.domain}:${nginx.httpsPort}/`);
  } catch (error) {
    // What failed is worth more than that half a store cannot be taken away.
    await removeSeedStore(platform, nginx, store).catch(() => undefined);
    throw error;
  }
  mark('first page');
  const total = performance.now() - startedAt;
  if (store.platform !== 'magento') {
    const url = `https://${store.domain}:${nginx.httpsPort}/`;
    await adminOpensTo(platform, url, async () => SEED_ADMIN);
    parts[ADMINISTRATION] = performance.now() - startedAt;
  }
  Object.assign(parts, await storeWeight(platform, store));
  await removeSeedStore(platform, nginx, store);
  return { total, parts };
}

/** A store of ours tells which images and applications the seed's stores are made of. */
async function patternStore(platform: TestPlatform, kind: PlatformName): Promise<Store> {
  const { id } = await platform.createStore('pattern', { platform: kind });
  const store = await platform.adapters.repositories.stores.get(id);
  await platform.ok('store', 'delete', id, '--yes', '--wait');
  return store;
}
