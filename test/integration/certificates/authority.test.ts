import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LETS_ENCRYPT_STAGING } from '../../../src/domain/certificates.ts';
import { DAY, MINUTE, SECOND } from '../../../src/lib/time.ts';
import { type Pebble, startPebble } from '../../services/pebble.ts';
import { signal, startUpstream } from '../edge/edge-bench.ts';
import {
  BASE,
  type CertificateBench,
  ELSEWHERE,
  startCertificateBench,
  startSilentAuthority,
} from './certificate-bench.ts';

const BLOCKED = `blocked.${BASE}`;
const SHOP = `shop.${BASE}`;

let bench: CertificateBench;
let shop: Awaited<ReturnType<typeof startUpstream>>;

const folderOf = (hostname: string): string => `${bench.dataDir}/certificates/hosts/${hostname}`;
const read = async (hostname: string): Promise<X509Certificate> =>
  new X509Certificate(await readFile(`${folderOf(hostname)}/fullchain.pem`));

beforeAll(async () => {
  shop = await startUpstream('shop');
  bench = await startCertificateBench([BLOCKED]);
  bench.edge.routes = [SHOP, BLOCKED].map((hostname) => ({
    hostname,
    storeId: 'sto_shop',
    port: shop.port,
    state: 'live',
  }));
  for (const name of [SHOP, BLOCKED]) await bench.dns.setAddresses(name, ['127.0.0.1']);
  await bench.edge.edge.start(signal());
  await bench.certificates().ensure(SHOP, signal());
  await bench.edge.edge.apply(signal());
});

beforeEach(() => {
  bench.events.length = 0;
  bench.attempts.clear();
});

afterAll(async () => {
  await bench?.close();
  await shop?.close();
});

describe('a public name', () => {
  it('gets a certificate of the authority by a challenge through the edge, and the edge shows it', async () => {
    const certificates = bench.certificates();

    expect(await bench.edge.get(SHOP)).toMatchObject({ status: 200, certificateNames: `DNS:${SHOP}` });
    expect(await bench.edge.edge.probe(SHOP, { expectState: 'live' }, signal())).toMatchObject({ status: 200 });
    expect(await certificates.find(SHOP)).toMatchObject({
      source: 'acme',
      directory: bench.pebble.directory,
      isPubliclyTrusted: false,
      isWildcard: false,
    });
    expect(await certificates.ensure(SHOP, signal())).toEqual({ changed: false });
    expect(bench.events).toEqual([]);
  });

  it('leaves neither orders nor challenges behind, only the account and the log', async () => {
    expect((await readdir(`${bench.dataDir}/certbot`)).sort()).toEqual(['config', 'logs', 'work']);
    expect(await readdir(`${bench.dataDir}/edge/acme/.well-known/acme-challenge`)).toEqual([]);
  });

  it('is asked for once, however many want it at the same moment', async () => {
    const hostname = `rush.${BASE}`;
    await bench.dns.setAddresses(hostname, ['127.0.0.1']);

    const results = await Promise.all([1, 2, 3].map(() => bench.certificates().ensure(hostname, signal())));

    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect(bench.events.map(({ type }) => type)).toEqual(['issued']);
  });

  it('is renewed for the same key when it is due, and shown at the next handshake', async () => {
    const before = await read(SHOP);
    const key = await readFile(`${folderOf(SHOP)}/privkey.pem`, 'utf8');
    const lateNow = (): Date => new Date(new Date(before.validTo).getTime() - 20 * DAY);
    const late = bench.certificates({ orders: bench.orders({ now: lateNow }), now: lateNow });

    expect(await late.ensure(SHOP, signal())).toEqual({ changed: true });

    expect((await read(SHOP)).serialNumber).not.toBe(before.serialNumber);
    expect(await readFile(`${folderOf(SHOP)}/privkey.pem`, 'utf8')).toBe(key);
    expect(await bench.edge.edge.probe(SHOP, { expectState: 'live' }, signal())).toMatchObject({ status: 200 });
  });

  it('gets a new one on demand, due or not', async () => {
    const before = await read(SHOP);

    await bench.certificates().renew(SHOP, signal());

    expect((await read(SHOP)).serialNumber).not.toBe(before.serialNumber);
  });
});

describe('a development name', () => {
  it('has a certificate of our own CA, and no authority hears of it', async () => {
    const certificates = bench.certificates();

    await certificates.ensure('demo.localhost', signal());

    expect(await certificates.find('demo.localhost')).toMatchObject({ source: 'local' });
    expect(certificates.isMadeHere('demo.localhost')).toBe(true);
    expect(certificates.isMadeHere(SHOP)).toBe(false);
    expect(bench.events).toEqual([]);
  });
});

describe('a certificate that cannot be had', () => {
  it('is not asked for when the name leads elsewhere or nowhere, and the reason says where', async () => {
    const certificates = bench.certificates();
    const elsewhere = `elsewhere.${BASE}`;
    await bench.dns.setAddresses(elsewhere, ['127.0.0.1', ELSEWHERE]);

    await expect(certificates.ensure(elsewhere, signal())).rejects.toMatchObject({
      code: 'certificate_failed',
      trouble: 'dns',
      message: expect.stringContaining(`leads to ${ELSEWHERE}`),
      hint: expect.stringContaining('198.35.26.96'),
    });
    await expect(certificates.ensure(`nowhere.${BASE}`, signal())).rejects.toMatchObject({
      trouble: 'dns',
      message: expect.stringContaining('does not resolve'),
    });
    expect(bench.events).toEqual([]);
    expect(bench.attempts.size).toBe(0);
  });

  it('is refused with the reason of the authority, which is then left alone for a while, unless somebody mended it', async () => {
    const certificates = bench.certificates();

    await expect(certificates.ensure(BLOCKED, signal())).rejects.toMatchObject({
      trouble: 'refused',
      message: expect.stringContaining('forbidden by policy'),
    });
    const again = certificates.ensure(BLOCKED, signal());

    await expect(again).rejects.toMatchObject({
      trouble: 'waiting',
      message: expect.stringMatching(/forbidden by policy.*Asked again after 20\d\d-/),
    });
    expect(bench.events).toHaveLength(1);
    expect(bench.attempts.get(BLOCKED)?.retryAt.getTime()).toBeGreaterThan(Date.now() + 10 * MINUTE);

    await expect(certificates.issue(BLOCKED, signal())).rejects.toMatchObject({ trouble: 'refused' });
    expect(bench.attempts.get(BLOCKED)?.retryAt.getTime()).toBeGreaterThan(Date.now() + 25 * MINUTE);
  });

  it('because the challenge is not found says what the authority saw', async () => {
    const deaf = await startPebble({ httpPort: 1, dns: bench.dns });
    const hostname = `unproven.${BASE}`;
    await bench.dns.setAddresses(hostname, ['127.0.0.1']);
    const certificates = bench.certificates({ orders: bench.orders({ authority: bench.certbot(deaf) }) });

    await expect(certificates.ensure(hostname, signal())).rejects.toMatchObject({
      trouble: 'refused',
      message: expect.stringMatching(/127\.0\.0\.1:1.*refused/),
    });
    await deaf.stop();
  });

  it('keeps its reason when the authority hangs, ends certbot in time, and takes nothing from the store', async () => {
    const silent = await startSilentAuthority();
    const { directory } = silent;
    const authority = bench.certbot({ directory, caFile: bench.pebble.caFile }, { httpMs: 2 * SECOND });
    const certificates = bench.certificates({ orders: bench.orders({ authority }) });
    const before = await read(SHOP);

    await expect(certificates.renewDue(SHOP, signal())).rejects.toMatchObject({
      trouble: 'unreachable',
      message: expect.stringContaining('gave no answer in time'),
    });

    // A repair of the store meets the same authority, and is not stopped by it.
    expect(await certificates.ensure(SHOP, signal())).toEqual({ changed: false });
    await bench.edge.edge.apply(signal());
    expect((await read(SHOP)).serialNumber).toBe(before.serialNumber);
    expect(await bench.edge.get(SHOP)).toMatchObject({ status: 200, certificateNames: `DNS:${SHOP}` });
    await silent.close();
  });

  it('is given up at once when told so', async () => {
    const silent = await startSilentAuthority();
    const authority = bench.certbot({ directory: silent.directory, caFile: bench.pebble.caFile });
    const certificates = bench.certificates({ orders: bench.orders({ authority }) });

    await expect(certificates.ensure(SHOP, AbortSignal.timeout(SECOND))).rejects.toMatchObject({
      name: 'TimeoutError',
    });

    expect(bench.events).toEqual([]);
    await silent.close();
  });

  it('from an authority that is not there is told as such', async () => {
    const authority = bench.certbot({ directory: 'https://localhost:1/dir', caFile: bench.pebble.caFile });
    const certificates = bench.certificates({ orders: bench.orders({ authority }) });

    await expect(certificates.renewDue(SHOP, signal())).rejects.toMatchObject({ trouble: 'unreachable' });
  });
});

describe('from staging to production', () => {
  let production: Pebble;
  beforeAll(async () => {
    production = await startPebble({ httpPort: bench.edge.options.httpPort, dns: bench.dns });
  });
  afterAll(async () => production?.stop());

  it('every handshake meanwhile gets a certificate of the name, and HSTS comes with the one that the public trusts', async () => {
    const before = await bench.edge.get(SHOP);
    const orders = bench.orders({ authority: bench.certbot(production), publicRoots: [production.root] });
    const certificates = bench.certificates({ orders });
    const seen: (string | undefined)[] = [];
    let isSwitched = false;
    const visitor = (async () => {
      while (!isSwitched) seen.push((await bench.edge.get(SHOP)).certificateNames);
    })();

    const result = await certificates.ensure(SHOP, signal());
    await bench.edge.edge.apply(signal());
    isSwitched = true;
    await visitor;

    expect(result).toEqual({ changed: true });
    expect(await certificates.find(SHOP)).toMatchObject({ directory: production.directory, isPubliclyTrusted: true });
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen)).toEqual(new Set([`DNS:${SHOP}`]));
    expect(before.headers).not.toHaveProperty('strict-transport-security');
    expect((await bench.edge.get(SHOP)).headers['strict-transport-security']).toMatch(/max-age=\d+/);
  });

  it('and back: what the public trusts is kept as long as it lives', async () => {
    const authority = { directory: LETS_ENCRYPT_STAGING, order: () => Promise.reject(new Error('asked')) };
    const certificates = bench.certificates({ orders: bench.orders({ authority }) });

    expect(await certificates.ensure(SHOP, signal())).toEqual({ changed: false });
  });
});
