import type { PlatformName } from '../src/domain/store.ts';
import { pause } from '../src/lib/deadline.ts';
import { MINUTE } from '../src/lib/time.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import { signUp } from './front-door/sign-up.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { firstPage } from './stores/first-page.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';
import { removeStores } from './stores/remove-stores.ts';
import { haveSnapshot } from './stores/set-pool.ts';
import { urlOf } from './stores/url-of.ts';

const KIND: PlatformName = 'wordpress';
const MADE = 20;
const QUIET = 'quiet';
const MEANWHILE = `while ${MADE} stores are made`;
const QUIET_VISITS = 150;
/** A visitor a tenth of a second after the one before has gone. */
const BETWEEN_VISITS_MS = 100;
/** How often somebody looks for a new shop's first page: seldom, for it is the neighbour that is measured. */
const LOOK_EVERY_MS = 500;
/** A cookie that no edge knows: the shop itself is asked, and PHP answers. */
const PAST_THE_CACHE = { cookie: 'look=1' };

export const benchmark: Benchmark = {
  title: `From asking for a running shop's front page to its last byte, through the edge and past its cache, while ${MADE} other stores are made on the machine.`,
  unit: 'ms',
  rounds: 2,
  warmUps: 0,
  reference: QUIET,
  notes: [
    `One visitor at a time, ${BETWEEN_VISITS_MS} ms after the one before has its page: ${QUIET_VISITS} visits a round where it is quiet, else until all ${MADE} shops answer.`,
    `The ${MADE} forms are sent at once, the pool is empty: all are copied from a snapshot, which is the most work that a sign-up makes.`,
    'The goal asks for the p95 in relation to the p95 of quiet; the ratio in the first table is that of the medians.',
  ],
  open: (context) =>
    openOnPlatform(context, openCases, { LOG_LEVEL: 'warn', SIGNUPS_PER_ADDRESS: '100000', GOLDEN_SNAPSHOTS: '1' }),
};

async function openCases(platform: TestPlatform, { say, signal }: BenchContext): Promise<Omit<OpenBenchmark, 'close'>> {
  say('making a snapshot and the neighbour');
  await haveSnapshot(platform, KIND);
  await platform.createStore('neighbour', { platform: KIND });
  const url = urlOf(platform, 'neighbour');
  let round = 0;
  return {
    facts: { engine: (await platform.adapters.docker.version()).Version },
    cases: {
      [QUIET]: () => visitUntil(platform, url, (visits) => visits === QUIET_VISITS, signal),
      [MEANWHILE]: async () => {
        round += 1;
        const prefix = `made-${round}-`;
        let isOver = false;
        const made = Promise.all(
          Array.from({ length: MADE }, async (_, n) => {
            await signUp(platform, `${prefix}${n}`, KIND);
            await firstPage(platform, urlOf(platform, `${prefix}${n}`), LOOK_EVERY_MS);
          }),
        ).finally(() => (isOver = true));
        const [samples] = await Promise.all([visitUntil(platform, url, () => isOver, signal), made]);
        await removeStores(platform, prefix);
        await pause(MINUTE / 6, signal);
        return samples;
      },
    },
  };
}

async function visitUntil(
  platform: TestPlatform,
  url: string,
  isOver: (visits: number) => boolean,
  signal: AbortSignal,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (!isOver(samples.length)) {
    const startedAt = performance.now();
    const { status } = await platform.visit(url, { headers: PAST_THE_CACHE });
    if (status !== 200) throw new Error(`The neighbour answered with ${status}.`);
    samples.push({ total: performance.now() - startedAt });
    await pause(BETWEEN_VISITS_MS, signal);
  }
  return samples;
}
