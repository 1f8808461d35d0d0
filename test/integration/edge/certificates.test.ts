import { createHash, X509Certificate } from 'node:crypto';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalCertificates } from '../../../src/adapters/certificates/local-certificates.ts';
import type { Route } from '../../../src/adapters/edge/edge.ts';
import { findSystemUser } from '../../../src/adapters/filesystem/find-system-user.ts';
import { DAY } from '../../../src/lib/time.ts';
import { EDGE_USER, type EdgeBench, signal, startBench, startUpstream } from './edge-bench.ts';

let bench: EdgeBench;
let shop: Awaited<ReturnType<typeof startUpstream>>;

const live = (name: string): Route => ({
  hostname: `${name}.localhost`,
  storeId: `sto_${name}`,
  port: shop.port,
  state: 'live',
});
const folderOf = (name: string): string => `${bench.dataDir}/certificates/hosts/${name}.localhost`;

beforeAll(async () => {
  shop = await startUpstream('shop');
  bench = await startBench();
  bench.routes = [live('steady'), live('other')];
  await bench.certificates.ensure('steady.localhost', signal());
  await bench.edge.start(signal());
});

beforeEach(async () => {
  bench.routes = [live('steady'), live('other')];
  await bench.certificates.ensure('steady.localhost', signal());
  await bench.edge.apply(signal());
});

afterAll(async () => {
  await bench?.close();
  await shop?.close();
});

describe('the certificate shown', () => {
  it('is the one for exactly the name asked for, and holds against our CA alone', async () => {
    const answer = await bench.get('steady.localhost');

    expect(answer).toMatchObject({ isTrusted: true, certificateNames: 'DNS:steady.localhost' });
    expect(await bench.get('STEADY.localhost')).toMatchObject({ certificateNames: 'DNS:steady.localhost' });
  });

  it('is the fallback for a name without one, for an unknown name and for none', async () => {
    for (const servername of ['other.localhost', 'unknown.example', 'x'.repeat(250), ''])
      expect(await bench.get('other.localhost', { servername })).toMatchObject({
        status: 200,
        isTrusted: false,
        certificateNames: 'DNS:no-shop-here.invalid',
      });
  });

  it.each(['../../../etc/ssl', '..', 'hosts/steady.localhost', '/etc/passwd', 'a%00b', '$edge_certificate', '.'])(
    'is the fallback when the handshake asks for %j',
    async (servername) => {
      const answer = await bench.get('steady.localhost', { servername }).catch((error: Error) => error.message);

      if (typeof answer !== 'string') expect(answer.certificateNames).toBe('DNS:no-shop-here.invalid');
      expect((await bench.get('steady.localhost')).isTrusted).toBe(true);
    },
  );

  it('comes into effect with the next apply(), without a hand on any other name', async () => {
    bench.routes = [...bench.routes, live('fresh')];
    await bench.edge.apply(signal());
    const before = await bench.get('fresh.localhost');

    await bench.certificates.ensure('fresh.localhost', signal());
    await bench.edge.apply(signal());

    expect(before.isTrusted).toBe(false);
    expect(await bench.get('fresh.localhost')).toMatchObject({
      isTrusted: true,
      certificateNames: 'DNS:fresh.localhost',
    });
  });

  it('that loses its files costs that name alone, and only until the next apply()', async () => {
    await rm(`${folderOf('steady')}/privkey.pem`);
    expect((await bench.get('other.localhost')).status).toBe(200);

    await bench.edge.apply(signal());

    expect(await bench.get('steady.localhost')).toMatchObject({
      status: 200,
      certificateNames: 'DNS:no-shop-here.invalid',
    });
  });

  it('whose key only root can read is not named to nginx, and ensure() puts it right', async () => {
    await chmod(`${folderOf('steady')}/privkey.pem`, 0o600);
    await bench.edge.apply(signal());
    const fallback = await bench.get('steady.localhost');

    await bench.certificates.ensure('steady.localhost', signal());
    await bench.edge.apply(signal());

    expect(fallback).toMatchObject({ status: 200, isTrusted: false });
    expect((await bench.get('steady.localhost')).isTrusted).toBe(true);
  });

  it('is renewed for the same key and shown at the next handshake, without a reload', async () => {
    const before = await readFile(`${folderOf('steady')}/privkey.pem`, 'utf8');
    const late = createLocalCertificates({
      dataDir: bench.dataDir,
      user: EDGE_USER,
      now: () => new Date(Date.now() + 61 * DAY),
    });

    expect(await late.ensure('steady.localhost', signal())).toEqual({ changed: true });

    expect(await readFile(`${folderOf('steady')}/privkey.pem`, 'utf8')).toBe(before);
    const shown = await peerCertificate('steady.localhost');
    expect(new Date(shown.validTo).getTime()).toBeGreaterThan(Date.now() + 120 * DAY);
    await rm(folderOf('steady'), { recursive: true });
  });

  it('that the platform’s own host cannot have keeps no shop away', async () => {
    const panel = bench.sibling({ platformHost: 'panel.example.com' });

    const { refused } = await panel.apply(signal());

    expect(refused).toEqual([{ hostname: 'panel.example.com', reason: expect.stringContaining('may not vouch') }]);
    expect((await bench.get('steady.localhost')).status).toBe(200);
    expect(await bench.get('panel.example.com')).toMatchObject({ page: 'platform-down', isTrusted: false });
  });

  it('brings HSTS along only when the public trusts it', async () => {
    const local = await bench.get('steady.localhost');
    const digest = createHash('sha256')
      .update(await readFile(`${folderOf('steady')}/fullchain.pem`))
      .digest('hex');
    await writeFile(`${folderOf('steady')}/source`, `acme\ntrusted publicly\ndigest ${digest}\n`);
    await bench.edge.apply(signal());
    const trusted = await bench.get('steady.localhost');

    expect(local.headers).not.toHaveProperty('strict-transport-security');
    expect(trusted.headers['strict-transport-security']).toBe('max-age=15552000');
    await rm(folderOf('steady'), { recursive: true });
  });
});

describe('the handshake', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('works with %s', async (version) => {
    const socket = await handshake({ minVersion: version, maxVersion: version });

    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  });

  it('is refused below TLS 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;

    await expect(handshake(old)).rejects.toThrow(/alert|protocol/i);
  });

  it('offers HTTP/2, and the shop behind it is told the same as ever', async () => {
    const session = connectHttp2(`https://127.0.0.1:${bench.options.httpsPort}`, {
      servername: 'steady.localhost',
      ca: await readFile(bench.certificates.caFile),
    });
    const body = await new Promise<string>((resolve, reject) => {
      let text = '';
      const stream = session.request({ ':authority': 'steady.localhost', ':path': '/x', 'x-shop-cron': '1' });
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => resolve(text));
      stream.on('error', reject);
      session.on('error', reject);
    });
    session.close();

    const { headers, url } = JSON.parse(body);
    expect(url).toBe('/x');
    expect(headers).toMatchObject({ host: 'steady.localhost', 'x-forwarded-proto': 'https' });
    expect(headers).not.toHaveProperty('x-shop-cron');
  });
});

describe('files', () => {
  it('keys are for root and the edge, the CA key for root alone, the CA certificate for everybody', async () => {
    const { gid } = await findSystemUser(EDGE_USER);
    const rights = async (path: string): Promise<string> => {
      const { mode, uid, gid: group } = await stat(path);
      return `${(mode & 0o777).toString(8)} ${uid}:${group === gid ? 'edge' : group}`;
    };
    const root = `${bench.dataDir}/certificates`;

    expect(await rights(`${folderOf('steady')}/privkey.pem`)).toBe('640 0:edge');
    expect(await rights(`${root}/fallback/privkey.pem`)).toBe('640 0:edge');
    expect(await rights(folderOf('steady'))).toBe('750 0:edge');
    expect(await rights(`${root}/hosts`)).toBe('750 0:edge');
    expect(await rights(`${root}/local-ca/ca.key`)).toBe('600 0:0');
    expect(await rights(bench.certificates.caFile)).toBe('644 0:0');
    expect(await rights(root)).toBe('755 0:0');
  });
});

describe('a probe', () => {
  it('tells what a visitor would get', async () => {
    expect(await bench.edge.probe('steady.localhost', { expectState: 'live' }, signal())).toEqual({
      state: 'live',
      status: 200,
    });

    bench.routes = [{ ...live('steady'), state: 'making' }];
    await bench.edge.apply(signal());
    expect(await bench.edge.probe('steady.localhost', { expectState: 'making' }, signal())).toEqual({
      state: 'making',
      status: 503,
    });
  });

  it('fails when visitors get something else, and says what', async () => {
    bench.routes = [{ ...live('steady'), port: 1 }];
    await bench.edge.apply(signal());

    await expect(bench.edge.probe('steady.localhost', { expectState: 'live' }, signal())).rejects.toMatchObject({
      code: 'route_unreachable',
      message: expect.stringContaining('visitors see: down'),
      retryable: true,
    });
  });

  it('fails on a certificate that is not the name’s own, unless told that any will do', async () => {
    await expect(bench.edge.probe('other.localhost', { expectState: 'live' }, signal())).rejects.toMatchObject({
      code: 'certificate_failed',
    });
    expect(
      await bench.edge.probe('other.localhost', { expectState: 'live', certificate: 'any' }, signal()),
    ).toMatchObject({ state: 'live' });
  });

  it('fails with the certificate as the reason when the edge cannot read it', async () => {
    await writeFile(`${folderOf('steady')}/privkey.pem`, 'no key');

    await expect(bench.edge.probe('steady.localhost', { expectState: 'live' }, signal())).rejects.toMatchObject({
      code: 'certificate_failed',
    });
    expect(await bench.certificates.ensure('steady.localhost', signal())).toEqual({ changed: true });
    expect(await bench.edge.probe('steady.localhost', { expectState: 'live' }, signal())).toMatchObject({
      status: 200,
    });
  });

  it('fails when nothing answers, and can be given up', async () => {
    const elsewhere = bench.sibling({ httpsPort: 1 });

    await expect(elsewhere.probe('steady.localhost', { expectState: 'live' }, signal())).rejects.toMatchObject({
      code: 'route_unreachable',
    });
    await expect(
      bench.edge.probe('steady.localhost', { expectState: 'live' }, AbortSignal.abort(new Error('given up'))),
    ).rejects.toThrow('given up');
  });
});

async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const { httpsPort } = bench.options;
  const ca = await readFile(bench.certificates.caFile);
  return await new Promise((resolve, reject) => {
    const socket = connectTls(
      { host: '127.0.0.1', port: httpsPort, servername: 'steady.localhost', ca, ...options },
      () => resolve(socket),
    );
    socket.on('error', reject);
  });
}

async function peerCertificate(servername: string): Promise<X509Certificate> {
  // A certificate from the future is what the test asked for.
  const socket = await handshake({ servername, rejectUnauthorized: false });
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error('no certificate was shown');
  return new X509Certificate(certificate.raw);
}
