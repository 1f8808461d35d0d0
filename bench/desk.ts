import { readServerFacts } from '../src/adapters/mysql/server-facts.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import { fillWithStores } from '../test/services/many-stores.ts';
import type { Closer } from './front-door/close-all.ts';
import { startWebProcess } from './front-door/start-web-process.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';

const CUSTOMERS = 10_000;
const STORES = 12_000;
/** Of each case in each round, one after the other. */
const ASKED = 20;
const REFERENCE = 'a page without a list';
const OPERATOR = 'bench@example.com';

const PAGES = {
  [REFERENCE]: '/account',
  overview: '/admin',
  stores: '/admin/stores',
  'stores, last page': '/admin/stores?page=240',
  'stores, by name': '/admin/stores?sort=name',
  'stores, failed': '/admin/stores?status=failed&platform=magento',
  'stores, of an e-mail': '/admin/stores?q=owner-000042%40',
  'stores, of a port': '/admin/stores?q=104711',
  'stores, what fits thousands': '/admin/stores?q=shop-00',
  customers: '/admin/customers',
  'customers, last page': '/admin/customers?page=200',
  'customers, of an e-mail': '/admin/customers?q=owner-000042',
  runs: '/admin/runs',
  'runs, failed': '/admin/runs?status=failed',
  ledger: '/admin/ledger',
} as const;

export const benchmark: Benchmark = {
  title: `One page of the desk, from asking to its last byte, on an installation with ${CUSTOMERS} customers and ${STORES} stores.`,
  unit: 'ms',
  rounds: 5,
  warmUps: 1,
  reference: REFERENCE,
  notes: [
    `${ASKED} answers per case and round, one after the other, from one web process without the edge, on loopback.`,
    'Each answer looks up the operator’s session, asks MySQL for one page of fifty rows and for how many there are in all, and renders the whole page as it would be sent to a browser without scripts.',
    `${REFERENCE} looks up the session and renders; it asks for no row: what is more than it is the list’s.`,
    'The rows were written by hand: no store stands behind them, and none is active, so that no worker looks after it.',
  ],
  open: (context) => openOnPlatform(context, openCases),
};

async function openCases(
  platform: TestPlatform,
  { say, signal }: BenchContext,
  closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  say(`writing ${STORES} stores`);
  const statuses = ['suspended', 'suspended', 'suspended', 'failed'] as const;
  await fillWithStores(platform.adapters.database, { customers: CUSTOMERS, stores: STORES, statuses });
  const admin = await platform.ok('admin', 'create', '--email', OPERATOR);
  const cookie = await logIn(platform, String(admin['password']));
  // The desk opens for operators with a second factor alone; nobody is going to be asked for a code of this one.
  await platform.adapters.database.kysely
    .insertInto('totp_factors')
    .values({ customer_id: String(admin['id']), key_id: 'none', sealed: '', last_step: 0, created_at: new Date() })
    .execute();
  const web = await startWebProcess(platform, { port: platform.config.webPort + 220, concurrency: 1 });
  closers.push(() => web.close());
  const under = (path: string) => async (): Promise<readonly Sample[]> => {
    const samples: Sample[] = [];
    while (samples.length < ASKED) samples.push(await askOnce(`${web.url}${path}`, cookie, signal));
    return samples;
  };
  return {
    facts: { mysql: (await readServerFacts(platform.adapters.database)).version },
    cases: Object.fromEntries(Object.entries(PAGES).map(([name, path]) => [name, under(path)])),
  };
}

async function askOnce(url: string, cookie: string, signal: AbortSignal): Promise<Sample> {
  const startedAt = performance.now();
  const answer = await fetch(url, { headers: { cookie }, redirect: 'manual', signal });
  await answer.text();
  if (answer.status !== 200) throw new Error(`${url} was answered with ${answer.status}.`);
  return { total: performance.now() - startedAt };
}

async function logIn(platform: TestPlatform, password: string): Promise<string> {
  const answer = await platform.visit(new URL('login', platform.config.publicUrl).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: OPERATOR, password }).toString(),
  });
  if (answer.status !== 303) throw new Error(`The login was answered with ${answer.status}.`);
  return [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ');
}
