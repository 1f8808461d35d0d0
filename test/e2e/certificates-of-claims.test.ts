import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { writeDnsHook } from '../integration/certificates/certificate-bench.ts';
import { freePort } from '../services/free-port.ts';
import { type ChallengeDns, type Pebble, startChallengeDns, startPebble } from '../services/pebble.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';

const BASE = 'shops.example.net';
const PANEL = 'panel.example.org';
const REFUSED = `refused.${BASE}`;
const WILDCARD = `*.${BASE}`;

let dns: ChallengeDns;
let staging: Pebble;
let platform: TestPlatform;
let folder: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claims-e2e-'));
  const httpPort = await freePort();
  dns = await startChallengeDns();
  for (const name of [`first.${BASE}`, REFUSED, PANEL]) await dns.setAddresses(name, ['127.0.0.1']);
  staging = await startPebble({ httpPort, dns, blocked: [REFUSED] });
  platform = await startPlatform(5, {
    BASE_DOMAIN: BASE,
    PUBLIC_URL: `https://${PANEL}`,
    LISTEN_ADDRESS: '127.0.0.1',
    HTTP_PORT: String(httpPort),
    ACME_EMAIL: 'operator@example.com',
    ACME_DIRECTORY: staging.directory,
    ACME_CA_FILE: staging.caFile,
    ACME_DNS_SERVERS: dns.server,
    PUBLIC_ADDRESSES: '127.0.0.1',
  });
  await platform.ok('pool', 'resize', 'wordpress', '1');
});

afterAll(async () => {
  await platform?.destroy();
  await staging?.stop();
  await dns?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

describe('a store that takes over a shop made ahead, where each name has a certificate of its own', () => {
  it('gets its certificate while it is made, is not open before, and by plain HTTP never answers more than where to go', async () => {
    const waiting = await idOfWaiting();
    const { id, domain } = await platform.createStore('first', { wait: false });
    expect(id).toBe(waiting);
    const plain = new Set<string>();
    const store = await until(async () => {
      plain.add(await plainAnswer(domain));
      const now = await platform.store(id);
      if (now.status === 'failed') throw new Error(JSON.stringify(now.error));
      return now.status === 'active' ? now : undefined;
    });

    expect(await shownTo(store.domain)).toBe(`DNS:${domain}`);
    expect(await linesAbout(domain)).toEqual(['certificate.issued']);
    expect(await plainAnswer(domain)).toMatch(/^30[78] https:/);
    expect([...plain].filter((answer) => !isOnlyTheWay(answer, domain))).toEqual([]);
  });

  it('is not open where the authority refuses it, however good the shop is, and shows nothing of it', async () => {
    const waiting = await idOfWaiting();
    const { id, domain } = await platform.createStore('refused', { wait: false });
    const store = await platform.settled(id, ['failed', 'active']);

    expect([id, store.status]).toEqual([waiting, 'failed']);
    expect(store.error).toMatchObject({ code: 'certificate_failed', step: 'obtain-certificate' });
    expect(await shownTo(domain)).toBe('none');
    expect(isOnlyTheWay(await plainAnswer(domain), domain)).toBe(true);
  });
});

describe('a store that takes over a shop made ahead, where a wildcard holds for all', () => {
  it('is open with the wildcard, and nobody is asked for another: not even an authority that is gone', async () => {
    await platform.startAgain({ ACME_DNS_HOOK: await writeDnsHook(folder ?? '', dns) });
    await platform.ok('certificate', 'issue', WILDCARD);
    const waiting = await idOfWaiting();
    await staging.stop();

    const store: StoreView = await platform.createStore('third');

    expect([store.id, store.status]).toEqual([waiting, 'active']);
    expect(await shownTo(store.domain)).toBe(`DNS:${WILDCARD}`);
    const { items } = (await platform.ok('certificate', 'list')) as { items: { name: string; wildcard: boolean }[] };
    expect(items.find(({ name }) => name === store.domain)).toMatchObject({ wildcard: true, problem: null });
    expect([await linesAbout(store.domain), await linesAbout(WILDCARD)]).toEqual([[], ['certificate.issued']]);
    expect(await readdir(join(platform.config.dataDir, 'certificates', 'hosts'))).not.toContain(store.domain);
    expect(isOnlyTheWay(await plainAnswer(store.domain), store.domain)).toBe(true);
  });
});

/** The shop that the next order takes over. */
async function idOfWaiting(): Promise<string> {
  const { id } = await until(async () => {
    const members = await platform.adapters.repositories.poolMembers.list();
    return members.find(({ status }) => status === 'ready');
  }, 3 * MINUTE);
  return id;
}

async function linesAbout(name: string): Promise<string[]> {
  const lines = await platform.adapters.repositories.audit.list({ target: name });
  return lines.map(({ action }) => action).filter((action) => action.startsWith('certificate.'));
}

/** Whom the certificate is for that a browser is shown which trusts this authority alone; `none` where it would warn. */
function shownTo(hostname: string): Promise<string> {
  const port = platform.config.http.httpsPort;
  return new Promise((resolve, reject) => {
    const asked = requestSecure(
      { host: '127.0.0.1', port, servername: hostname, ca: staging.root, agent: false },
      (response) => {
        response.resume();
        resolve((response.socket as TLSSocket).getPeerCertificate().subjectaltname ?? '');
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) =>
      /CERT|ALTNAME|VERIFY|ISSUER/.test(error.code ?? '') ? resolve('none') : reject(error),
    );
    asked.end();
  });
}

/** What stands in the answer by plain HTTP: its status, where it leads, and how much else there is. */
function plainAnswer(hostname: string): Promise<string> {
  const { port } = platform.config.http;
  return new Promise((resolve) => {
    const asked = requestPlain(
      { host: '127.0.0.1', port, path: '/shop/?a=b', headers: { host: hostname }, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve(`${response.statusCode} ${response.headers.location ?? ''} ${body}`));
      },
    );
    asked.on('error', () => resolve('no answer'));
    asked.end();
  });
}

/** A redirect to the same page by HTTPS, in nginx' own few words; or no answer: the edge may not know the name yet. */
function isOnlyTheWay(answer: string, hostname: string): boolean {
  const [status, location, ...words] = answer.split(' ');
  const leads = location === `https://${hostname}:${platform.config.http.httpsPort}/shop/?a=b`;
  return answer === 'no answer' || (leads && ['307', '308'].includes(status ?? '') && words.join(' ').length < 300);
}
