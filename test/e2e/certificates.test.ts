import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueLeaf, makeAuthority, makeKey } from '../../src/adapters/certificates/issue-certificate.ts';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { createShopOperations } from '../../src/app/shop-operations.ts';
import { containerOf } from '../../src/domain/names.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { freePort } from '../services/free-port.ts';
import { type ChallengeDns, type Pebble, startChallengeDns, startPebble } from '../services/pebble.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { tracesOf } from './world-snapshot.ts';

const BASE = 'shops.example.net';
const PANEL = 'panel.example.org';

let dns: ChallengeDns;
let staging: Pebble;
let platform: TestPlatform;
let folder: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-e2e-'));
  const httpPort = await freePort();
  dns = await startChallengeDns();
  for (const name of [`first.${BASE}`, `second.${BASE}`, PANEL]) await dns.setAddresses(name, ['127.0.0.1']);
  staging = await startPebble({ httpPort, dns, blocked: [`second.${BASE}`] });
  platform = await startPlatform(4, {
    BASE_DOMAIN: BASE,
    PUBLIC_URL: `https://${PANEL}`,
    LISTEN_ADDRESS: '127.0.0.1',
    HTTP_PORT: String(httpPort),
    ACME_EMAIL: 'operator@example.com',
    ACME_DIRECTORY: staging.directory,
    ACME_CA_FILE: staging.caFile,
    ACME_DNS_SERVERS: dns.server,
    // Where the names of this test lead; on a machine with a public address it would not count as leading here.
    PUBLIC_ADDRESSES: '127.0.0.1',
  });
});

afterAll(async () => {
  await platform?.destroy();
  await staging?.stop();
  await dns?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
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

  it('fails a store that the authority refuses, asks once however often the step tries, and goes on with an imported one', async () => {
    const made = await platform.createStore('second', { wait: false });
    const failed = await platform.settled(made.id, ['failed']);

    expect(failed.error).toMatchObject({ code: 'certificate_failed', step: 'obtain-certificate', retryable: true });
    expect(failed.error?.message).toContain('forbidden by policy');
    const { audit } = platform.adapters.repositories;
    expect(await audit.list({ target: made.domain })).toMatchObject([
      { action: 'certificate.refused', details: { directory: staging.directory, count: 1 } },
    ]);
    const doctor = await platform.cli('doctor');
    expect(checksOf(doctor.json)).toMatchObject({ certificates: 'fail', 'certificate-source': 'warn' });

    await platform.ok('certificate', 'import', made.domain, ...(await writePair(made.domain)));
    await platform.ok('store', 'retry', made.id, '--wait');

    expect(await platform.store(made.id)).toMatchObject({ status: 'active' });
    expect(await platform.ok('certificate', 'list')).toMatchObject({
      items: [{ name: PANEL }, { name: `first.${BASE}` }, { name: made.domain, source: 'imported', problem: null }],
    });
  });

  it('moves a store to a domain of its owner, with all it has written, and puts everything back where it does not answer', async () => {
    const name = 'www.teehaus.example.org';
    const store = await platform.store('first');
    const port = platform.config.http.httpsPort;
    const added = (await platform.ok('domain', 'add', name, '--store', store.id)) as { records: { value: string }[] };
    const asked = await platform.cli('domain', 'check', name);
    expect([asked.exitCode, asked.json['state']]).toEqual([7, 'waiting-for-dns']);
    await dns.setText(`_shophosting-challenge.${name}`, added.records[0]?.value ?? '');
    await dns.setAddresses(name, ['127.0.0.1']);
    expect((await platform.cli('domain', 'check', name)).json).toMatchObject({ state: 'valid', diagnoses: [] });
    expect(await isValidFor(name)).toBe(true);
    // What WordPress serialises breaks when a length in it is wrong.
    const written = {
      at: `https://${store.domain}:${port}/tee`,
      by: `info@${store.domain}`,
      of: `//${store.domain}.au/`,
    };
    await inShop(store.id, 'option', 'add', 'written', JSON.stringify(written), '--format=json');

    expect(await platform.ok('domain', 'primary', name, '--wait')).toMatchObject({ status: 'done', error: null });

    expect(await platform.store(store.id)).toMatchObject({ url: `https://${name}:${port}/`, domain: store.domain });
    expect(JSON.parse(await inShop(store.id, 'option', 'get', 'written', '--format=json'))).toEqual({
      ...written,
      at: `https://${name}:${port}/tee`,
    });
    expect(await answerOf(name)).toMatchObject({ status: 200 });
    expect(await answerOf(store.domain)).toMatchObject({ status: 301, location: `https://${name}:${port}/` });

    // Closed by its own pause it answers nobody: the way back does not work, and nothing is lost.
    const { pause } = createShopOperations(platform.adapters);
    const kept = await platform.adapters.repositories.stores.get(store.id);
    await pause(kept, true, AbortSignal.timeout(MINUTE));
    const failed = await platform.cli('domain', 'primary', store.domain, '--wait');
    await pause(kept, false, AbortSignal.timeout(MINUTE));

    expect([failed.exitCode, failed.json]).toMatchObject([1, { error: { code: 'address_not_changed' } }]);
    expect(await answerOf(name)).toMatchObject({ status: 200 });
    expect(await inShop(store.id, 'option', 'get', 'home')).toContain(`https://${name}:${port}`);
    expect(await readdir(join(platform.config.customersDir, 'stores', store.id, 'snapshots'))).toEqual([]);

    expect(await platform.ok('domain', 'primary', store.domain, '--wait')).toMatchObject({ status: 'done' });
    expect(await answerOf(store.domain)).toMatchObject({ status: 200 });
    expect(await platform.ok('domain', 'remove', name)).toMatchObject({ removed: true });
    expect(await isValidFor(store.domain)).toBe(true);
  });

  it('renews by hand what is asked for, and tells when there is no such name', async () => {
    const name = `first.${BASE}`;

    expect(await platform.ok('certificate', 'renew', name)).toMatchObject({ items: [{ name, outcome: 'renewed' }] });
    expect(await platform.ok('certificate', 'renew')).toMatchObject({
      items: [
        { name: PANEL, outcome: 'kept' },
        { name, outcome: 'kept' },
        { name: `second.${BASE}`, outcome: 'kept' },
      ],
    });

    expect(await isValidFor(name)).toBe(true);
    expect((await platform.cli('certificate', 'issue', `nobody.${BASE}`)).exitCode).toBe(3);
  });

  it('of a closed store with a domain of its owner nothing is left, of either name', async () => {
    const name = 'www.kaffeehaus.example.org';
    const store = await platform.store('first');
    const added = (await platform.ok('domain', 'add', name, '--store', store.id)) as { records: { value: string }[] };
    await dns.setText(`_shophosting-challenge.${name}`, added.records[0]?.value ?? '');
    await dns.setAddresses(name, ['127.0.0.1']);
    expect((await platform.cli('domain', 'check', name)).json).toMatchObject({ state: 'valid' });
    await platform.ok('store', 'suspend', store.id, '--reason', 'unpaid', '--wait');

    await platform.ok('store', 'delete', store.id, '--yes', '--wait');

    expect(await tracesOf(platform, store)).toEqual({});
    expect(await tracesOf(platform, { ...store, domain: name })).toEqual({});
    expect([await isValidFor(name), await isValidFor(store.domain)]).toEqual([false, false]);
  });
});

function checksOf(doctor: Record<string, unknown>): Record<string, string> {
  const checks = doctor['checks'] as { name: string; status: string }[];
  return Object.fromEntries(checks.map(({ name, status }) => [name, status]));
}

/** Somebody's own certificate for the name, in files, as the command takes them. */
async function writePair(hostname: string): Promise<string[]> {
  const key = await makeKey();
  const certificate = await issueLeaf(hostname, createPrivateKey(key), await makeAuthority([BASE]));
  const files = { certificate: join(folder ?? '', 'fullchain.pem'), key: join(folder ?? '', 'privkey.pem') };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key, { mode: 0o600 });
  return ['--certificate', files.certificate, '--key', files.key];
}

/** wp-cli in the store's shop. */
async function inShop(storeId: string, ...args: string[]): Promise<string> {
  const argv = ['wp', '--path=/var/www/html', ...args];
  const container = containerOf({ id: storeId }, 'web');
  const signal = AbortSignal.timeout(MINUTE);
  const { exitCode, output } = await execInContainer(platform.adapters.docker, container, argv, { signal });
  expect(exitCode, output).toBe(0);
  return output;
}

/** What a visitor of the host gets who trusts the authority. */
function answerOf(hostname: string): Promise<{ status: number; location: string | undefined }> {
  const port = platform.config.http.httpsPort;
  return new Promise((resolve, reject) => {
    const headers = { host: `${hostname}:${port}` };
    const asked = request(
      { host: '127.0.0.1', port, servername: hostname, headers, ca: staging.root, agent: false },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

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
