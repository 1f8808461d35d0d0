import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { withDns } from '../../../src/adapters/dns/resolve.ts';
import { createPostOutside, type OutsideAnswer } from '../../../src/adapters/http/post-outside.ts';
import { isPublicAddress } from '../../../src/domain/network-address.ts';
import { startDnsServer, type TestDns } from '../../services/dns-server.ts';
import { type HookServer, pairFor, startHookServer } from '../../services/hook-server.ts';

const HOST = 'hooks.example.org';
const PATIENCE_MS = 500;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const hookServer = async (options: Parameters<typeof startHookServer>[0] = {}): Promise<HookServer> => {
  const server = await startHookServer(options);
  stops.push(server.stop);
  return server;
};
const dnsServer = async (answer: Parameters<typeof startDnsServer>[0]): Promise<TestDns> => {
  const dns = await startDnsServer(answer);
  stops.push(dns.stop);
  return dns;
};

/** A server that does what it does with each connection, and no more. Returns its port. */
async function rawServer(behave: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    behave(socket.on('error', () => undefined));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function* withoutEnd(): Generator<string> {
  for (;;) yield 'x'.repeat(64 * 1024);
}

/** Posts as the worker does; what is `public` here is what the test says, since a test machine has nothing in public. */
const post = (
  url: string,
  {
    dns,
    isAllowed = (address) => address === '127.0.0.1',
    ca,
    withinMs = PATIENCE_MS,
  }: { dns: TestDns; isAllowed?: (address: string) => boolean; ca?: string; withinMs?: number },
): Promise<OutsideAnswer> =>
  createPostOutside({
    addressesOf: (hostname, signal) => withDns([dns.server], signal, (questions) => questions.addresses(hostname)),
    isAllowed,
    ...(ca === undefined ? {} : { ca }),
  })({ url, headers: { 'webhook-id': 'evt_1' }, body: '{"a":"ö"}' }, AbortSignal.timeout(withinMs));

describe('where it leads', () => {
  it('is the address that was looked at, whatever the name says a moment later', async () => {
    const [looked, later] = [await hookServer(), await hookServer({ address: '127.0.0.2' })];
    const dns = await dnsServer((_name, type, before) =>
      type === 'AAAA' ? [] : before === 0 ? ['127.0.0.1'] : ['127.0.0.2'],
    );

    expect(await post(`http://${HOST}:${looked.port}/in?a=b`, { dns })).toEqual({ code: 204 });
    expect(dns.questions).toHaveLength(2);
    expect(looked.hooks).toMatchObject([
      { path: '/in?a=b', body: '{"a":"ö"}', headers: { 'webhook-id': 'evt_1', host: `${HOST}:${looked.port}` } },
    ]);

    // The next message asks anew, and finds that the name has turned.
    expect(await post(`http://${HOST}:${looked.port}/`, { dns })).toEqual({
      code: null,
      reason: 'The name leads to an address that is not public, or is ours.',
    });
    expect([looked.connections(), later.connections()]).toEqual([1, 0]);
  });

  const ROUND_ABOUT = [
    ['127.0.0.1'],
    ['127.1.2.3'],
    ['0.0.0.0'],
    ['10.0.0.1'],
    ['172.17.0.1'],
    ['192.168.1.1'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['198.18.0.1'],
    ['224.0.0.1'],
    ['255.255.255.255'],
    ['::1'],
    ['::'],
    ['::ffff:7f00:1'],
    ['::7f00:1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['fe80::1'],
    ['fc00::1'],
    ['fd00:ec2::254'],
    ['ff02::1'],
    // One good one beside it is no excuse: it would be dialled as soon as the other did not answer.
    ['93.184.216.34', '127.0.0.1'],
    ['93.184.216.34', '::1'],
  ];

  it.each(ROUND_ABOUT)('%s %s is never dialled', async (...addresses) => {
    const server = await hookServer({ address: '0.0.0.0' });
    const dns = await dnsServer((_name, type) => addresses.filter((one) => one.includes(':') === (type === 'AAAA')));

    expect(await post(`http://${HOST}:${server.port}/`, { dns, isAllowed: isPublicAddress })).toEqual({
      code: null,
      reason: 'The name leads to an address that is not public, or is ours.',
    });
    expect(server.connections()).toBe(0);
  });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0177.0.0.1'])(
    'the host %s is an address, and looked at as one',
    async (host) => {
      const server = await hookServer({ address: '0.0.0.0' });
      const dns = await dnsServer(() => ['93.184.216.34']);

      expect(await post(`http://${host}:${server.port}/`, { dns, isAllowed: isPublicAddress })).toMatchObject({
        code: null,
        reason: expect.stringContaining('not public') as string,
      });
      expect([server.connections(), dns.questions]).toEqual([0, []]);
    },
  );

  it('is not asked for where the DNS has nothing, fails or hangs', async () => {
    const nothing = await dnsServer(() => []);
    const hangs = await dnsServer(() => null);

    expect(await post(`http://${HOST}/`, { dns: nothing })).toEqual({
      code: null,
      reason: 'The name does not resolve.',
    });
    expect(await post(`http://${HOST}/`, { dns: hangs })).toEqual({ code: null, reason: 'No answer in time.' });
  });

  it('is never where a redirect points, nor by way of a proxy of the environment', async () => {
    const inside = await hookServer();
    const server = await hookServer();
    server.answer((response) => void response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end());
    const dns = await dnsServer((_name, type) => (type === 'A' ? ['127.0.0.1'] : []));
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: `http://127.0.0.1:${inside.port}`,
      http_proxy: `http://127.0.0.1:${inside.port}`,
    });
    try {
      expect(await post(`http://${HOST}:${server.port}/`, { dns })).toEqual({ code: 307 });
    } finally {
      process.env = before;
    }
    expect([server.connections(), inside.connections()]).toEqual([1, 0]);
  });
});

describe('what comes back', () => {
  const local = () => dnsServer((_name, type) => (type === 'A' ? ['127.0.0.1'] : []));

  it('over TLS, only from whom the certificate is for', async () => {
    const { ca, ...pair } = await pairFor(HOST);
    const server = await hookServer({ tls: pair });
    const dns = await local();

    expect(await post(`https://${HOST}:${server.port}/`, { dns, ca })).toEqual({ code: 204 });
    expect(await post(`https://other.example.org:${server.port}/`, { dns, ca })).toEqual({
      code: null,
      reason: 'The certificate there is for another name.',
    });
    expect(await post(`https://${HOST}:${server.port}/`, { dns })).toMatchObject({
      code: null,
      reason: expect.stringMatching(/^The connection failed \(.*CERT|^The connection failed \(UNABLE/) as string,
    });
    expect(server.hooks).toHaveLength(1);
  });

  it('of a body without end a little is taken, and the status counts', async () => {
    const server = await hookServer();
    let closed: Promise<unknown> | undefined;
    server.answer((response) => {
      closed = once(response, 'close');
      Readable.from(withoutEnd()).pipe(response);
    });

    expect(await post(`http://${HOST}:${server.port}/`, { dns: await local(), withinMs: 5000 })).toEqual({ code: 200 });
    await closed;
  });

  it('of a body that drips, the status counts once there is no time left', async () => {
    const server = await hookServer();
    server.answer((response) => void response.writeHead(200).write('x'));

    expect(await post(`http://${HOST}:${server.port}/`, { dns: await local() })).toEqual({ code: 200 });
  });

  it.each([
    ['says nothing', () => undefined],
    ['begins a greeting of TLS and stops', (socket: Socket) => void socket.write(Buffer.from([22, 3, 3, 0, 80, 2]))],
    ['sends one byte of an answer', (socket: Socket) => void socket.write('H')],
  ])('a server that %s costs the time there is, no more', async (_what, behave) => {
    const port = await rawServer(behave);
    const dns = await local();

    for (const scheme of ['http', 'https']) {
      const answer = await post(`${scheme}://${HOST}:${port}/`, { dns });
      expect(answer.code).toBe(null);
    }
  });

  it('a server that closes at once, or is not there, is told in words', async () => {
    const dns = await local();
    const port = await rawServer((socket) => void socket.end());

    expect(await post(`http://${HOST}:${port}/`, { dns })).toEqual({
      code: null,
      reason: 'The connection was closed before an answer.',
    });
    await stops.pop()?.();
    expect(await post(`http://${HOST}:${port}/`, { dns })).toEqual({ code: null, reason: 'Nobody listens there.' });
  });
});
