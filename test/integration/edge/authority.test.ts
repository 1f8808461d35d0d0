import { createPrivateKey, X509Certificate } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueLeaf, makeAuthority, makeKey } from '../../../src/adapters/certificates/issue-certificate.ts';
import {
  createLocalCertificates,
  type LocalCertificates,
} from '../../../src/adapters/certificates/local-certificates.ts';
import { createHost } from '../../../src/adapters/host/host.ts';
import { probeUntil } from '../../../src/lib/deadline.ts';
import { DAY } from '../../../src/lib/time.ts';
import { EDGE_USER, signal } from './edge-bench.ts';

let dataDir: string;
let certificates: LocalCertificates;

const open = (domains: readonly string[] = []): LocalCertificates =>
  createLocalCertificates({ dataDir, user: EDGE_USER, domains });
const read = async (hostname: string): Promise<X509Certificate> =>
  new X509Certificate(await readFile(`${dataDir}/certificates/hosts/${hostname}/fullchain.pem`));
const authority = async (): Promise<X509Certificate> => new X509Certificate(await readFile(certificates.caFile));

beforeEach(async () => {
  await createHost({ onProgress: () => undefined }).ensureSystemUser(EDGE_USER, signal());
  dataDir = await mkdtemp(join(tmpdir(), 'certificates-'));
  certificates = open();
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

describe('a certificate of our own', () => {
  it('is for one name, for 90 days, for servers only, and its CA is ours', async () => {
    expect(await certificates.ensure('demo.localhost', signal())).toEqual({ changed: true });

    const leaf = await read('demo.localhost');
    const lifetime = new Date(leaf.validTo).getTime() - new Date(leaf.validFrom).getTime();
    expect(leaf.subjectAltName).toBe('DNS:demo.localhost');
    expect(leaf.subject).toBe('CN=demo.localhost');
    expect(leaf.ca).toBe(false);
    expect(lifetime / DAY).toBeCloseTo(90, 0);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(leaf.verify((await authority()).publicKey)).toBe(true);
    expect((await authority()).ca).toBe(true);
  });

  it('stays as it is until less than 30 days are left', async () => {
    await certificates.ensure('demo.localhost', signal());
    const at = (days: number): LocalCertificates =>
      createLocalCertificates({ dataDir, user: EDGE_USER, now: () => new Date(Date.now() + days * DAY) });

    expect(await certificates.ensure('demo.localhost', signal())).toEqual({ changed: false });
    expect(await at(59).ensure('demo.localhost', signal())).toEqual({ changed: false });
    expect(await at(61).ensure('demo.localhost', signal())).toEqual({ changed: true });
  });

  it('is made anew when its files are damaged, half there, or for another name', async () => {
    const folder = `${dataDir}/certificates/hosts/demo.localhost`;
    await certificates.ensure('demo.localhost', signal());
    await certificates.ensure('other.localhost', signal());
    const damages = [
      () => rm(`${folder}/privkey.pem`),
      () => rm(`${folder}/fullchain.pem`),
      () => writeFile(`${folder}/fullchain.pem`, ''),
      () => writeFile(`${folder}/privkey.pem`, 'nonsense'),
      async () => {
        for (const file of ['fullchain.pem', 'privkey.pem'])
          await writeFile(`${folder}/${file}`, await readFile(`${folder}/../other.localhost/${file}`));
      },
    ];
    for (const damage of damages) {
      await damage();

      expect(await certificates.ensure('demo.localhost', signal())).toEqual({ changed: true });

      const leaf = await read('demo.localhost');
      expect(leaf.checkHost('demo.localhost')).toBe('demo.localhost');
      expect(leaf.checkPrivateKey(createPrivateKey(await readFile(`${folder}/privkey.pem`)))).toBe(true);
    }
    expect(await readdir(`${dataDir}/certificates/hosts`)).toEqual(['demo.localhost', 'other.localhost']);
  });

  it('that certbot or a customer brought is left alone', async () => {
    await certificates.ensure('demo.localhost', signal());
    const before = await read('demo.localhost');
    await writeFile(`${dataDir}/certificates/hosts/demo.localhost/source`, 'imported\n');
    const late = createLocalCertificates({ dataDir, user: EDGE_USER, now: () => new Date(Date.now() + 89 * DAY) });

    expect(await late.ensure('demo.localhost', signal())).toEqual({ changed: false });
    expect((await read('demo.localhost')).fingerprint256).toBe(before.fingerprint256);
    expect(await late.renew('demo.localhost', signal())).toEqual({ changed: false });
  });

  it('is forgotten with remove(), again and again', async () => {
    await certificates.ensure('demo.localhost', signal());

    await certificates.remove('demo.localhost');
    await certificates.remove('demo.localhost');

    expect(await certificates.present(['demo.localhost'])).toEqual(new Map());
    expect(await readdir(`${dataDir}/certificates/hosts`)).toEqual([]);
  });

  it.each(['demo.localhost', `${'a.'.repeat(121)}localhost`])(
    'is forgotten with what a process killed while it made one left beside it, and nothing else: %s',
    async (hostname) => {
      const hosts = `${dataDir}/certificates/hosts`;
      const neighbour = `x${hostname.slice(1)}`;
      await certificates.ensure(neighbour, signal());
      await killedWhileMaking(hostname);
      const kept = await killedWhileMaking(hostname.replace(/localhost$/, 'test'));

      await certificates.remove(hostname);

      expect((await readdir(hosts)).toSorted()).toEqual([kept, neighbour].toSorted());
    },
  );

  it.each(['../ca', '*.localhost', 'a/b', '', 'UPPER.localhost', '.localhost'])(
    'is never made for %j',
    async (hostname) => {
      await expect(certificates.ensure(hostname, signal())).rejects.toMatchObject({ code: 'certificate_failed' });
      await expect(certificates.remove(hostname)).rejects.toMatchObject({ code: 'certificate_failed' });
    },
  );

  it('may be for a name of 253 characters', async () => {
    const hostname = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.localhost`.slice(-253);
    await certificates.ensure(hostname, signal());

    expect((await read(hostname)).checkHost(hostname)).toBe(hostname);
  });
});

describe('our CA', () => {
  it('is one, however many ask for it at the same moment', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `shop${index % 6}.localhost`);

    const results = await Promise.all(names.map((name) => open().ensure(name, signal())));

    const ca = await authority();
    for (const name of new Set(names)) expect((await read(name)).verify(ca.publicKey)).toBe(true);
    expect(results.filter(({ changed }) => changed).length).toBeGreaterThanOrEqual(6);
    expect(await readdir(`${dataDir}/certificates`)).toEqual(['hosts', 'local-ca']);
  });

  it('vouches for development names and the platform’s own domains, and for nothing else', async () => {
    await expect(certificates.ensure('shop.example.com', signal())).rejects.toMatchObject({
      code: 'certificate_failed',
      hint: expect.stringContaining('ACME_EMAIL'),
    });
    expect(await open(['shops.example.com']).ensure('a.shops.example.com', signal())).toEqual({ changed: true });
    await expect(open(['shops.example.com']).ensure('a.example.com', signal())).rejects.toMatchObject({
      code: 'certificate_failed',
    });
  });

  it('is not believed elsewhere, even by somebody who trusts it and whose key was stolen', async () => {
    const pair = await makeAuthority(['localhost']);
    const outcome = async (hostname: string): Promise<string> => {
      const key = await makeKey();
      return await judge({
        hostname,
        key,
        cert: await issueLeaf(hostname, createPrivateKey(key), pair),
        ca: pair.certificate,
      });
    };

    expect(await outcome('demo.localhost')).toBe('trusted');
    expect(await outcome('bank.example')).toMatch(/permitted subtree violation|PERMITTED_VIOLATION/i);
  });

  it('is replaced when the platform gets another domain, and leaves follow one by one', async () => {
    await certificates.ensure('demo.localhost', signal());
    const before = await authority();

    expect(await open(['shops.example.com']).ensure('demo.localhost', signal())).toEqual({ changed: true });

    expect((await authority()).fingerprint256).not.toBe(before.fingerprint256);
    expect((await read('demo.localhost')).verify((await authority()).publicKey)).toBe(true);
  });

  it('that was damaged is made anew', async () => {
    await mkdir(`${dataDir}/certificates/local-ca`, { recursive: true });
    await writeFile(`${dataDir}/certificates/local-ca/ca.crt`, 'half');

    await certificates.ensure('demo.localhost', signal());

    expect((await read('demo.localhost')).verify((await authority()).publicKey)).toBe(true);
  });
});

/** What a client that trusts the CA thinks of the certificate. */
async function judge(facts: { hostname: string; key: string; cert: string; ca: string }): Promise<string> {
  const server = createServer({ key: facts.key, cert: facts.cert });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address !== 'string' ? address.port : 0;
  const verdict = await new Promise<string>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: facts.hostname, ca: facts.ca }, () => {
      resolve('trusted');
      socket.destroy();
    });
    socket.on('error', (error) => resolve(`${error.message} ${'code' in error ? String(error.code) : ''}`));
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return verdict;
}

/** As if the making of the certificate had ended right before its folder was put in its place; the folder's name. */
async function killedWhileMaking(hostname: string): Promise<string> {
  const hosts = `${dataDir}/certificates/hosts`;
  const seen: string[] = [];
  const watching = watch(hosts, (_, name) => seen.push(name ?? ''));
  await certificates.ensure(hostname, signal());
  const hidden = await probeUntil(async () => seen.find((name) => name.startsWith('.')), {
    signal: signal(),
    firstDelayMs: 2,
    maxDelayMs: 20,
  });
  watching.close();
  await rename(`${hosts}/${hostname}`, `${hosts}/${hidden}`);
  return hidden;
}
