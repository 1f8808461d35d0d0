import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { Browser } from '@playwright/test';
import { openBrowser } from '../test/e2e/browser.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import { startBench } from '../test/integration/edge/edge-bench.ts';
import type { Closer } from './front-door/close-all.ts';
import { signUp } from './front-door/sign-up.ts';
import { PART_UNITS, weighPage } from './front-door/weigh-page.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { asPlainAnswer, startPlainServer } from './plain/start-plain-server.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';

const ASKED_PER_ROUND = 30;
const PLAIN = ', plain http';
const PAGES = { landing: '/', 'sign-up': '/signup', dashboard: '/dashboard?all' } as const;

/** Where a page is asked for: an edge, and what it wants of whoever asks. */
interface Site {
  readonly url: string;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

export const benchmark: Benchmark = {
  title: 'From asking for a page to the first byte of its HTML, through the edge over HTTPS on loopback.',
  unit: 'ms',
  rounds: 10,
  warmUps: 1,
  reference: (name) => (name.endsWith(PLAIN) ? name : `${name}${PLAIN}`),
  partUnits: PART_UNITS,
  partsTitle: 'What a page weighs',
  notes: [
    `Each round asks ${ASKED_PER_ROUND} times, one after the other, over a connection that is kept, accepting gzip.`,
    'Plain http is Node’s own server sending the very same bytes from memory, behind another edge of the same configuration, which compresses them the same way.',
    'Landing and sign-up as a guest, the dashboard as a customer with one store; every page is made anew for whoever asks, from MySQL where it says something of him.',
    'Weights are the bodies as Chromium received them, compressed as served, with an empty cache; headers are not counted.',
  ],
  open: (context) => openOnPlatform(context, openCases, { LOG_LEVEL: 'warn' }),
};

async function openCases(
  platform: TestPlatform,
  { say, signal }: BenchContext,
  closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  say('signing up, waiting for the store');
  const { storeId, cookie } = await signUp(platform, 'tea-house', 'wordpress');
  await platform.settled(storeId, ['active']);
  const { publicUrl, dataDir } = platform.config;
  const ours = siteAt(publicUrl, await readFile(`${dataDir}/certificates/local-ca/ca.crt`, 'utf8'));
  const browser = await openBrowser([platform.config.http.port, platform.config.http.httpsPort]);
  closers.push(() => browser.close());

  const headersOf = (path: string): Site['headers'] => (path === PAGES.dashboard ? { cookie } : {});
  const answers = await Promise.all(
    Object.values(PAGES).map(async (path) => {
      const answer = await platform.visit(new URL(path, publicUrl).href, { headers: headersOf(path) });
      if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}.`);
      return [path, asPlainAnswer(answer)] as const;
    }),
  );
  const server = await startPlainServer({ port: 0, answers: Object.fromEntries(answers) });
  closers.push(() => server.close());
  const edge = await startBench({ webPort: server.port });
  closers.push(() => edge.close());
  await edge.certificates.ensure('localhost', signal);
  await edge.edge.start(signal);
  const plain = siteAt(
    `https://localhost:${edge.options.httpsPort}/`,
    await readFile(edge.certificates.caFile, 'utf8'),
  );
  closers.push(() => [ours, plain].forEach(({ agent }) => agent.destroy()));

  const cases = Object.entries(PAGES).flatMap(([name, path]) => [
    [name, () => measurePage({ ...ours, headers: headersOf(path) }, path, browser)] as const,
    [`${name}${PLAIN}`, () => askOften(plain, path)] as const,
  ]);
  return { facts: { browser: `Chromium ${browser.version()}` }, cases: Object.fromEntries(cases) };
}

async function measurePage(site: Site, path: string, browser: Browser): Promise<Sample[]> {
  const [first, ...others] = await askOften(site, path);
  const parts = await weighPage(browser, new URL(path, site.url).href, site.headers['cookie']);
  return [...(first === undefined ? [] : [{ ...first, parts }]), ...others];
}

async function askOften(site: Site, path: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let times = 0; times < ASKED_PER_ROUND; times += 1) samples.push({ total: await firstHtml(site, path) });
  return samples;
}

/** Milliseconds until the first byte of the body. The answer is read to its end before this resolves. */
function firstHtml({ url, agent, headers }: Site, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let tookMs: number | undefined;
    request(new URL(path, url), { agent, headers: { ...headers, 'accept-encoding': 'gzip' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} was answered with ${response.statusCode}.`));
      response.on('data', () => (tookMs ??= performance.now() - startedAt));
      response.once('end', () => (tookMs === undefined ? reject(new Error(`${path} is empty.`)) : resolve(tookMs)));
      response.once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}

function siteAt(url: string, ca: string): Site {
  return { url, headers: {}, agent: new Agent({ keepAlive: true, maxSockets: 1, ca }) };
}
