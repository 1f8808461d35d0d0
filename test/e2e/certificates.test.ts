import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../integration/edge/edge-bench.ts';
import { type ChallengeDns, type Pebble, startChallengeDns, startPebble } from '../services/pebble.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

const BASE = 'shops.example.net';
const PANEL = 'panel.example.org';

let dns: ChallengeDns;
let staging: Pebble;
let platform: TestPlatform;

beforeAll(async () => {
  const httpPort = await freePort();
  dns = await startChallengeDns();
  for (const name of [`first.${BASE}`, PANEL]) await dns.setAddresses(name, ['127.0.0.1']);
  staging = await startPebble({ httpPort, dns });
  platform = await startPlatform(4, {
    BASE_DOMAIN: BASE,
    PUBLIC_URL: `https://${PANEL}`,
    LISTEN_ADDRESS: '127.0.0.1',
    HTTP_PORT: String(httpPort),
    ACME_EMAIL: 'operator@example.com',
    ACME_DIRECTORY: staging.directory,
    ACME_CA_FILE: staging.caFile,
    ACME_DNS_SERVERS: dns.server,
  });
});

afterAll(async () => {
  await platform?.destroy();
  await staging?.stop();
  await dns?.stop();
});

describe('a platform under a real domain', () => {
  it('gets a certificate for a new store while it is made, and one for itself', async () => {
    const store = await platform.createStore('first');

    expect(store.status).toBe('active');
    expect(await isValidFor(store.domain)).toBe(true);
    const { items } = (await platform.ok('certificate', 'list')) as { items: Record<string, unknown>[] };
    expect(items).toMatchObject([
      { name: PANEL, source: 'acme', directory: staging.directory, problem: null },
      { name: store.domain, source: 'acme', directory: staging.directory, trusted: false, problem: null },
    ]);
    expect(await isValidFor(PANEL)).toBe(true);
  });
});

/** A handshake as a browser makes it that trusts this authority alone. */
function isValidFor(hostname: string): Promise<boolean> {
  const port = platform.config.http.httpsPort;
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, servername: hostname, ca: staging.root, agent: false },
      (response) => {
        response.resume();
        resolve(true);
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) =>
      /CERT|ALTNAME|VERIFY|ISSUER/.test(error.code ?? '') ? resolve(false) : reject(error),
    );
    asked.end();
  });
}
