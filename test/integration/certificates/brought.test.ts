import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issueLeaf, makeAuthority, makeKey } from '../../../src/adapters/certificates/issue-certificate.ts';
import { createWildcard, type WildcardOptions } from '../../../src/adapters/certificates/wildcard.ts';
import { DAY } from '../../../src/lib/time.ts';
import { EDGE_USER, signal, startUpstream } from '../edge/edge-bench.ts';
import { BASE, type CertificateBench, startCertificateBench, writeDnsHook } from './certificate-bench.ts';

const ONE = `one.${BASE}`;
const TWO = `two.${BASE}`;
const OWN = 'www.customer.example.org';

let bench: CertificateBench;
let shop: Awaited<ReturnType<typeof startUpstream>>;
let files: { certificateFile: string; keyFile: string };

const wildcardFrom = (from: WildcardOptions['from'], now = (): Date => new Date()) =>
  createWildcard({ dataDir: bench.dataDir, user: EDGE_USER, baseDomain: BASE, from, now });

/** A pair as an operator would bring it. */
async function aPair(name: string, age = 0): Promise<{ certificate: string; key: string }> {
  const authority = await makeAuthority([BASE, 'customer.example.org']);
  const key = await makeKey();
  const issued = new Date(Date.now() - age);
  return { certificate: await issueLeaf(name, createPrivateKey(key), authority, issued), key };
}

async function bring(pair: { certificate: string; key: string }): Promise<void> {
  await writeFile(files.certificateFile, pair.certificate);
  await writeFile(files.keyFile, pair.key);
}

const serialOf = (pem: string): string => new X509Certificate(pem).serialNumber;

/** Serves what these certificates say from now on, and tells which one a visitor gets. */
async function shownWith(certificates: ReturnType<CertificateBench['certificates']>, hostname: string) {
  const edge = bench.edge.sibling({ certificates: certificates.forEdge });
  await edge.apply(signal());
  await edge.probe(hostname, { expectState: 'live' }, signal());
  return await bench.edge.get(hostname);
}

beforeAll(async () => {
  shop = await startUpstream('shop');
  bench = await startCertificateBench([]);
  bench.edge.routes = [ONE, TWO, OWN].map((hostname) => ({
    hostname,
    storeId: 'sto_shop',
    port: shop.port,
    state: 'live',
  }));
  await bench.edge.edge.start(signal());
  const folder = `${bench.dataDir}/brought`;
  await mkdir(folder);
  files = { certificateFile: `${folder}/fullchain.pem`, keyFile: `${folder}/privkey.pem` };
});

beforeEach(async () => {
  await rm(`${bench.dataDir}/certificates/wildcards`, { recursive: true, force: true });
  await rm(`${bench.dataDir}/certificates/hosts`, { recursive: true, force: true });
  bench.events.length = 0;
  bench.attempts.clear();
});

afterAll(async () => {
  await bench?.close();
  await shop?.close();
});

describe('a wildcard proven by DNS', () => {
  it('is ordered once with the operator’s hook and serves every store', async () => {
    const dnsHook = await writeDnsHook(bench.dataDir, bench.dns);
    const orders = bench.orders({ authority: bench.certbot(bench.pebble, { dnsHook }) });
    const certificates = bench.certificates({ orders, wildcard: wildcardFrom(orders) });

    const first = await certificates.ensure(ONE, signal());
    const second = await certificates.ensure(TWO, signal());

    expect([first, second]).toEqual([{ changed: true }, { changed: false }]);
    expect(bench.events).toMatchObject([{ type: 'issued', name: `*.${BASE}` }]);
    expect(await shownWith(certificates, ONE)).toMatchObject({ certificateNames: `DNS:*.${BASE}` });
    expect(await shownWith(certificates, TWO)).toMatchObject({ certificateNames: `DNS:*.${BASE}` });
    expect(await certificates.find(TWO)).toMatchObject({ source: 'acme', isWildcard: true });
  });

  it('whose hook fails says so, and the authority is left alone for a while', async () => {
    const orders = bench.orders({ authority: bench.certbot(bench.pebble, { dnsHook: '/bin/false' }) });
    const certificates = bench.certificates({ orders, wildcard: wildcardFrom(orders) });

    await expect(certificates.ensure(ONE, signal())).rejects.toMatchObject({ trouble: 'refused' });
    await expect(certificates.ensure(TWO, signal())).rejects.toMatchObject({ trouble: 'waiting' });
  });
});

describe('a wildcard from files', () => {
  it('serves every store at once, and its successor as soon as the files are replaced', async () => {
    const certificates = bench.certificates({ wildcard: wildcardFrom(files) });
    const [first, second] = [await aPair(`*.${BASE}`), await aPair(`*.${BASE}`)];
    await bring(first);
    expect(await certificates.ensure(ONE, signal())).toEqual({ changed: true });
    expect(await shownWith(certificates, TWO)).toMatchObject({ certificateNames: `DNS:*.${BASE}` });
    expect(await certificates.wildcard?.ensure(signal(), 'due')).toEqual({ changed: false });

    await bring(second);

    expect(await certificates.wildcard?.ensure(signal(), 'due')).toEqual({ changed: true });
    await shownWith(certificates, ONE);
    const inUse = (await certificates.forEdge.present([ONE])).get(ONE)?.folder;
    expect(serialOf(await readFile(`${inUse}/fullchain.pem`, 'utf8'))).toBe(serialOf(second.certificate));
  });

  it.each([
    ['do not belong together', async () => ({ ...(await aPair(`*.${BASE}`)), key: await makeKey() })],
    ['are for another name', () => aPair('*.other.example.net')],
    ['are over', () => aPair(`*.${BASE}`, 100 * DAY)],
    ['are no certificate', async () => ({ certificate: 'nonsense', key: 'nonsense' })],
  ])('that %s are refused, and the one before serves on', async (_what, broken) => {
    const certificates = bench.certificates({ wildcard: wildcardFrom(files) });
    const good = await aPair(`*.${BASE}`);
    await bring(good);
    await certificates.ensure(ONE, signal());

    await bring(await broken());

    await expect(certificates.wildcard?.ensure(signal(), 'due')).rejects.toMatchObject({
      code: 'certificate_failed',
      hint: expect.stringContaining('WILDCARD_CERTIFICATE_FILE'),
    });
    expect(await certificates.ensure(ONE, signal())).toEqual({ changed: false });
    expect(await shownWith(certificates, ONE)).toMatchObject({ certificateNames: `DNS:*.${BASE}` });
  });

  it('is not for deeper names, other domains or the platform’s own', () => {
    const wildcard = wildcardFrom(files);

    expect([ONE, `a.${ONE}`, BASE, OWN, `x${BASE}`].map(wildcard.isFor)).toEqual([true, false, false, false, false]);
  });
});

describe('an imported certificate', () => {
  it('is shown, left alone by every renewal, and stands before the wildcard', async () => {
    await bring(await aPair(`*.${BASE}`));
    const certificates = bench.certificates({ wildcard: wildcardFrom(files) });
    const pair = await aPair(ONE);

    await certificates.importPair(ONE, pair);

    expect(await shownWith(certificates, ONE)).toMatchObject({ certificateNames: `DNS:${ONE}` });
    expect(await certificates.ensure(ONE, signal())).toEqual({ changed: false });
    await expect(certificates.renew(ONE, signal())).rejects.toMatchObject({ code: 'not_allowed_now' });
    expect(await certificates.find(ONE)).toMatchObject({ source: 'imported', isPubliclyTrusted: false });
  });

  it('may replace one with another key', async () => {
    const certificates = bench.certificates();
    await certificates.importPair(OWN, await aPair(OWN));
    const second = await aPair(OWN);

    await certificates.importPair(OWN, second);

    await shownWith(certificates, OWN);
    const shown = await readFile(`${bench.dataDir}/certificates/hosts/${OWN}/fullchain.pem`, 'utf8');
    expect(serialOf(shown)).toBe(serialOf(second.certificate));
  });

  it.each([
    ['key', 'for another key', async () => ({ ...(await aPair(OWN)), key: await makeKey() })],
    ['certificate', 'for another name', () => aPair(ONE)],
    ['certificate', 'that is over', () => aPair(OWN, 100 * DAY)],
    ['key', 'with a key that cannot be read', async () => ({ ...(await aPair(OWN)), key: 'nonsense' })],
    ['certificate', 'that is none', async () => ({ certificate: '', key: await makeKey() })],
  ])('is refused (%s) %s, and nothing changes', async (field, _what, bad) => {
    const certificates = bench.certificates();

    await expect(certificates.importPair(OWN, await bad())).rejects.toMatchObject({ code: 'invalid_input', field });

    expect(await certificates.find(OWN)).toBeUndefined();
  });
});
