import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route } from '../src/adapters/edge/edge.ts';
import { probeUntil } from '../src/lib/deadline.ts';
import { MINUTE } from '../src/lib/time.ts';
import { startConstantLoad } from '../test/integration/edge/constant-load.ts';
import { type EdgeBench, masterOf, startBench, startUpstream } from '../test/integration/edge/edge-bench.ts';
import { freePort } from '../test/services/free-port.ts';
import { copyCertificates } from './edge/copy-certificates.ts';
import { memoryOfTree } from './edge/memory-of-tree.ts';
import { type Closer, closeAll } from './front-door/close-all.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { type PlainServer, startPlainServer } from './plain/start-plain-server.ts';
import { type SeedNginx, startSeedNginx } from './seed/seed-nginx.ts';

const HOSTS = 10_000;
const ROUNDS = 10;
/** Of each round, so that there are a hundred in all. */
const CHANGES_UNDER_LOAD = 10;
const OURS = 'ours';
const UNDER_LOAD = 'ours, under load';
const SEED = 'a server block per store';
const STEADY = 'steady.localhost';
const VISIBLE_WITHIN_MS = 5 * MINUTE;

/** What the new host's shop answers, and no other. */
const FRESH = 'fresh';

type Upstream = Pick<PlainServer, 'port'>;

export const benchmark: Benchmark = {
  title: `From the wish for one more host to the shop's answer under it, at an edge that serves ${HOSTS} hosts over HTTPS.`,
  unit: 'ms',
  rounds: ROUNDS,
  warmUps: 1,
  reference: SEED,
  partUnits: { memory: 'MiB', answered: '', failed: '', 'sent again': '' },
  partsTitle: 'What it takes, and what visitors notice',
  notes: [
    'Ours: the routes are read, all maps written, put in place and loaded, which is nginx’ own test; it ends when no worker serves anything older.',
    'A server block per store: one file for the new store, nginx’ own test, one reload, until the new host answers. The seed reloads twice per store; one is counted.',
    'Each host has a certificate and key of its own on disk on either side, copies of one: nginx reads them all the same.',
    'Memory is of master and workers when a change is over, a page that several share counted once (PSS).',
    `Under load: ${CHANGES_UNDER_LOAD} changes a round while six visitors ask without pause, half of them over connections that are kept, a third of them for what takes 300 ms. A change is then as long as it takes among them.`,
    '`failed`: visitors who did not get a 200. `sent again`: a request that met a kept connection just being closed, which every client sends again by itself (RFC 9112 §9.3.1).',
  ],
  async open(context) {
    const closers: Closer[] = [];
    try {
      return { ...(await openCases(context, closers)), close: () => closeAll(closers) };
    } catch (error) {
      await closeAll(closers);
      throw error;
    }
  },
};

async function openCases({ say, signal }: BenchContext, closers: Closer[]): Promise<Omit<OpenBenchmark, 'close'>> {
  const shop = await startUpstream('shop');
  closers.push(() => shop.close());
  const fresh = await startPlainServer({ port: 0, answers: { '/': { headers: {}, body: FRESH } } });
  closers.push(() => fresh.close());
  const ours = await startBench();
  closers.push(() => ours.close());
  const names = Array.from({ length: HOSTS }, (_, n) => `shop-${String(n).padStart(6, '0')}.localhost`);
  say(`giving ${HOSTS} hosts a certificate`);
  await ours.certificates.ensure(STEADY, signal);
  const hostsFolder = join(ours.dataDir, 'certificates', 'hosts');
  const newNames = Array.from({ length: 2 * (ROUNDS + 2) * (CHANGES_UNDER_LOAD + 1) }, (_, n) => `new-${n}.localhost`);
  await copyCertificates(hostsFolder, STEADY, [...names, ...newNames]);
  const nextName = () => newNames.pop() ?? '';

  const standing = [STEADY, ...names].map((hostname) => routeTo(hostname, shop));
  ours.routes = standing;
  const { pending } = await ours.edge.start(signal);
  if (pending !== undefined) throw pending;
  say(`starting nginx with ${HOSTS} server blocks`);
  const folder = await mkdtemp(join(tmpdir(), 'shop-bench-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const seed = await startSeedNginx(
    folder,
    await freePort(),
    standing.map(({ hostname, port }) => ({
      domain: hostname,
      port,
      certificateFolder: join(hostsFolder, hostname),
    })),
  );
  closers.push(() => seed.stop());
  return {
    facts: { hosts: String(HOSTS) },
    cases: {
      [OURS]: async () => {
        const sample = await changeOurs(ours, standing, routeTo(nextName(), fresh), signal);
        return { ...sample, parts: { memory: await memoryOfTree(await masterOf(ours)) } };
      },
      [UNDER_LOAD]: () => underLoad(ours, standing, () => routeTo(nextName(), fresh), signal),
      [SEED]: () => changeSeed(seed, routeTo(nextName(), fresh), hostsFolder, signal),
    },
  };
}

async function changeOurs(
  ours: EdgeBench,
  standing: readonly Route[],
  fresh: Route,
  signal: AbortSignal,
): Promise<Sample> {
  ours.routes = [...standing, fresh];
  const startedAt = performance.now();
  const { refused } = await ours.edge.apply(signal);
  if (refused.length > 0) throw new Error(`${refused.length} hosts were refused: ${refused[0]?.reason}`);
  await untilAnswered(ours.options.httpsPort, fresh.hostname, signal);
  return { total: performance.now() - startedAt };
}

async function underLoad(
  ours: EdgeBench,
  standing: readonly Route[],
  nextRoute: () => Route,
  signal: AbortSignal,
): Promise<Sample[]> {
  const load = startConstantLoad(ours, STEADY);
  const samples: Sample[] = [];
  while (samples.length < CHANGES_UNDER_LOAD) samples.push(await changeOurs(ours, standing, nextRoute(), signal));
  const { answered, failures, resent } = await load.stop();
  const [first, ...others] = samples;
  const parts = { answered, failed: failures.length, 'sent again': resent };
  return first === undefined ? [] : [{ ...first, parts }, ...others];
}

async function changeSeed(
  seed: SeedNginx,
  { hostname: domain, port }: Route,
  hostsFolder: string,
  signal: AbortSignal,
): Promise<Sample> {
  const startedAt = performance.now();
  await seed.publish({ domain, port }, join(hostsFolder, domain));
  await untilAnswered(seed.httpsPort, domain, signal);
  const total = performance.now() - startedAt;
  const sample = { total, parts: { memory: await memoryOfTree(seed.pid) } };
  await seed.withdraw({ domain });
  return sample;
}

const routeTo = (hostname: string, { port }: Upstream): Route => ({
  hostname,
  storeId: `sto_${hostname.split('.')[0]?.replace('-', '')}`,
  port,
  state: 'live',
});

/** Resolves when the new shop itself answers under the name, asked for every 5 to 20 ms over a new connection. */
async function untilAnswered(httpsPort: number, hostname: string, signal: AbortSignal): Promise<void> {
  await probeUntil(
    async () => {
      const body = await ask(httpsPort, hostname).catch(() => '');
      return body === FRESH ? true : undefined;
    },
    {
      signal: AbortSignal.any([signal, AbortSignal.timeout(VISIBLE_WITHIN_MS)]),
      firstDelayMs: 5,
      maxDelayMs: 20,
    },
  );
}

function ask(port: number, hostname: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        servername: hostname,
        headers: { host: hostname },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.once('end', () => resolve(body));
        response.once('error', reject);
      },
    );
    asked.once('error', reject);
    asked.end();
  });
}
