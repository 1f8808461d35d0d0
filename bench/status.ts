import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { digestOf, makeToken } from '../src/adapters/crypto/session-tokens.ts';
import { connectionOptions } from '../src/adapters/mysql/connection-options.ts';
import { readServerFacts } from '../src/adapters/mysql/server-facts.ts';
import { RUN_KINDS } from '../src/domain/run.ts';
import { newId } from '../src/lib/new-id.ts';
import { DAY } from '../src/lib/time.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import { startBench } from '../test/integration/edge/edge-bench.ts';
import { fillWithStores } from '../test/services/many-stores.ts';
import { recordStatements } from './flask/record-statements.ts';
import { type FlaskPlan, startFlask } from './flask/start-flask.ts';
import type { Closer } from './front-door/close-all.ts';
import { type SignedUp, signUp } from './front-door/sign-up.ts';
import { startWebProcess } from './front-door/start-web-process.ts';
import type { BenchContext, Benchmark, OpenBenchmark } from './harness/benchmark.ts';
import { havePackages } from './harness/have-packages.ts';
import { type Load, putUnderWrk, type WrkTarget } from './harness/put-under-wrk.ts';
import type { PlainServerPlan } from './plain/plain-server.ts';
import { asPlainAnswer, startPlainServer } from './plain/start-plain-server.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';

const PATH = '/api/status';
const PLAIN = 'plain http';
const FLASK = 'Flask, gunicorn with 4 workers';
const FLASK_WORKERS = 4;
const PACKAGES = {
  '/usr/bin/gunicorn': 'gunicorn',
  '/usr/bin/flask': 'python3-flask',
  '/usr/share/doc/python3-pymysql': 'python3-pymysql',
  '/usr/bin/wrk': 'wrk',
};
const LOAD: Load = { connections: 32, seconds: 4 };
const SESSION_COOKIE = '__Host-session';

export const benchmark: Benchmark = {
  title: 'Answers per second of `GET /api/status` for a signed-in customer with one active store, as fast as it goes.',
  unit: '/s',
  rounds: 7,
  warmUps: 1,
  reference: PLAIN,
  partUnits: { p50: 'ms', p95: 'ms', p99: 'ms' },
  partsTitle: 'How long an answer takes meanwhile',
  notes: [
    `${LOAD.connections} connections ask without pause for ${LOAD.seconds} s per case and round, by wrk with one thread on the same machine, on loopback: who asks and who answers share the processors.`,
    'So `p50` and `p99` are those of a server that is saturated, most of it waiting in line.',
    'Plain http is one process of Node’s own server, answering our bytes and headers from memory: the ceiling of one process and of who asks. With a query it looks up the session by its indexed digest first, by the same driver.',
    'Ours looks up the session and reads the store with its run from MySQL; it keeps nothing in memory, and writes a line of the log per answer. Whoever asks while such a read is under way is in the next one, which asks the database for everybody’s rows at once (three statements), so that no answer is older than one of its own would be.',
    'One customer: all connections ask with one session, as the open pages and programs of one do, and so share an answer. 32 customers: requests take turns with the sessions of so many, each with a store of their own; they share statements, and nothing of the answer.',
    'Flask: Debian’s own Flask, gunicorn and PyMySQL, asking the very statements that ours asks (session with account, store, run with steps) a statement each for every answer, over a kept connection per thread, its log off; eight threads per worker, because its plain workers close each visitor’s connection. It shows the store’s facts alone, with no header of safety.',
    'Through the edge: nginx with TLS 1.3 over kept connections; both sides by the same configuration.',
  ],
  open: (context) => openOnPlatform(context, openCases, { WEB_CONCURRENCY: '2' }),
};

async function openCases(
  platform: TestPlatform,
  { say, signal }: BenchContext,
  closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  const kept = <T extends { close(): unknown }>(part: T): T => {
    closers.push(() => part.close());
    return part;
  };
  await havePackages(PACKAGES, { say, signal });
  say('signing up, waiting for the store');
  const signedUp = await signUp(platform, 'tea-house', 'wordpress');
  await platform.settled(signedUp.storeId, ['active']);
  const headers = { cookie: signedUp.cookie };
  const { webPort } = platform.config;
  const one = kept(await startWebProcess(platform, { port: webPort + 220, concurrency: 1 }));
  const two = kept(await startWebProcess(platform, { port: webPort + 221, concurrency: 2 }));

  const cookies = join(platform.config.dataDir, 'cookies');
  await writeFile(cookies, (await signInMany(platform, LOAD.connections)).join('\n'), { mode: 0o600 });
  const flask = kept(
    await startFlask(await flaskPlan(platform, signedUp), {
      port: webPort + 222,
      workers: FLASK_WORKERS,
      folder: platform.config.dataDir,
    }),
  );

  const answers = { [PATH]: asPlainAnswer(await read(`${one.url}${PATH}`, headers)) };
  const plain = kept(await startPlainServer({ port: 0, answers }));
  const querying = kept(await startPlainServer({ port: 0, answers, query: sessionQuery(platform, signedUp) }));
  const plainEdge = kept(await startBench({ webPort: plain.port }));
  await plainEdge.certificates.ensure('localhost', signal);
  await plainEdge.edge.start(signal);
  const { publicUrl } = platform.config;

  const under = (target: WrkTarget) => () => putUnderWrk(target, LOAD, signal);
  const direct = (url: string): WrkTarget => ({ url: `${url}${PATH}`, headers });
  const byTurns = (url: string): WrkTarget => ({ url: `${url}${PATH}`, headers: {}, cookies });
  return {
    facts: {
      connections: String(LOAD.connections),
      mysql: (await readServerFacts(platform.adapters.database)).version,
    },
    cases: {
      [PLAIN]: under(direct(`http://127.0.0.1:${plain.port}`)),
      'plain http, one query': under(direct(`http://127.0.0.1:${querying.port}`)),
      [FLASK]: under(direct(flask.url)),
      'ours, 1 process': under(direct(one.url)),
      'ours, 1 process, 32 customers': under(byTurns(one.url)),
      'ours, 2 processes': under(direct(two.url)),
      'ours, 2 processes, 32 customers': under(byTurns(two.url)),
      'ours, 1 process, /healthz': under({ url: `${one.url}/healthz`, headers: {} }),
      'plain http, through an edge': under(direct(`https://localhost:${plainEdge.options.httpsPort}`)),
      'ours, 2 processes, through the edge': under({ url: new URL(PATH, publicUrl).href, headers }),
    },
  };
}

/** The one lookup that no application can do without: whose session is it? */
function sessionQuery({ config }: TestPlatform, { cookie }: SignedUp): NonNullable<PlainServerPlan['query']> {
  const { host, port, database, poolSize, users } = config.mysql;
  return {
    database: { ...connectionOptions({ host, port, database, ...users.web }), connectionLimit: poolSize },
    sql: 'SELECT * FROM sessions WHERE token_hash = ?',
    values: [digestOfSession(cookie)],
  };
}

/** So many customers with a store and a session each, written by hand; the cookie of each. */
async function signInMany({ adapters }: TestPlatform, count: number): Promise<string[]> {
  const { kysely } = adapters.database;
  await fillWithStores(adapters.database, { customers: count, stores: count, statuses: ['suspended'] });
  const customers = await kysely.selectFrom('customers').select('id').where('id', 'like', 'cus_many%').execute();
  const expiresAt = new Date(Date.now() + DAY);
  return Promise.all(
    customers.map(async ({ id }) => {
      const token = makeToken();
      const now = new Date();
      await kysely
        .insertInto('sessions')
        .values({
          id: newId('ses'),
          customer_id: id,
          token_hash: digestOf(token),
          created_at: now,
          seen_at: now,
          proven_at: now,
          expires_at: expiresAt,
          user_agent: 'bench',
          address: '127.0.0.1',
        })
        .execute();
      return `${SESSION_COOKIE}=${token}`;
    }),
  );
}

/** The very statements that our own answer asks with. */
async function flaskPlan(platform: TestPlatform, { cookie, storeId }: SignedUp): Promise<FlaskPlan> {
  const { host, port, database, users } = platform.config.mysql;
  const digest = digestOfSession(cookie);
  const { customerId } = await platform.adapters.repositories.stores.get(storeId);
  const names = { [digest]: '$digest', [customerId]: '$customer', [storeId]: '$store' };
  const [session, store, run] = await recordStatements(platform.adapters.database, names, async (repositories) => {
    await repositories.sessions.find(digest);
    await repositories.shownStores.newestOf([customerId]);
    await repositories.shownStores.runsOf([storeId], RUN_KINDS);
  });
  if (session === undefined || store === undefined || run === undefined) throw new Error('A statement is missing.');
  return {
    cookie: SESSION_COOKIE,
    database: { host, port, database, ...users.web },
    statements: { session, store, run },
  };
}

function digestOfSession(cookie: string): string {
  const token = new Map(cookie.split('; ').map((pair) => pair.split('=') as [string, string])).get(SESSION_COOKIE);
  return digestOf(token ?? '');
}

function read(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<Parameters<typeof asPlainAnswer>[0]>((resolve, reject) => {
    get(url, { headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ headers: response.headers, body }));
    }).once('error', reject);
  });
}
