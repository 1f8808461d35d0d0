import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueLeaf, makeAuthority, makeKey } from '../../src/adapters/certificates/issue-certificate.ts';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { HOUR, SECOND } from '../../src/lib/time.ts';
import { freePort } from './free-port.ts';

/** An ACME authority that a test started for itself: real protocol, real proofs, worthless certificates. */
export interface Pebble {
  readonly directory: string;
  readonly port: number;
  /** Whom to trust when talking to it. */
  readonly caFile: string;
  /** What its certificates' chains end at. */
  readonly root: string;
  stop(): Promise<void>;
}

/** The DNS that Pebble asks, and that a test writes. */
export interface ChallengeDns {
  /** `ADDRESS:PORT`, for resolvers. */
  readonly server: string;
  /** Where a DNS hook posts its records. */
  readonly managementUrl: string;
  /** From now on the name has exactly these addresses; a name that was never set has none. */
  setAddresses(hostname: string, addresses: readonly string[]): Promise<void>;
  /** From now on the name has exactly this TXT record, or none. */
  setText(name: string, text: string | null): Promise<void>;
  /** From now on only these may issue for the name and those below it; an empty list: whoever wants to. */
  setIssuers(name: string, issuers: readonly string[]): Promise<void>;
  /** From now on every question about the name fails, or none does. */
  setBroken(name: string, isBroken: boolean): Promise<void>;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 20 * SECOND;
const QUICK = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' };

/** Debian's pebble-challtestsrv on loopback. */
export async function startChallengeDns(): Promise<ChallengeDns> {
  const [dns, management] = [await freePort(), await freePort()];
  const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv4', '', '-defaultIPv6', ''];
  const ports = ['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${management}`];
  const stop = start('/usr/bin/pebble-challtestsrv', [...off, ...ports], {});
  const managementUrl = `http://127.0.0.1:${management}`;
  await answers(() => post(`${managementUrl}/clear-a`, { host: 'nobody.example.net' }));
  return {
    server: `127.0.0.1:${dns}`,
    managementUrl,
    async setAddresses(hostname, addresses) {
      const isOf6 = (address: string): boolean => address.includes(':');
      await post(`${managementUrl}/clear-a`, { host: hostname });
      await post(`${managementUrl}/clear-aaaa`, { host: hostname });
      const [of4, of6] = [addresses.filter((address) => !isOf6(address)), addresses.filter(isOf6)];
      if (of4.length > 0) await post(`${managementUrl}/add-a`, { host: hostname, addresses: of4 });
      if (of6.length > 0) await post(`${managementUrl}/add-aaaa`, { host: hostname, addresses: of6 });
    },
    async setText(name, text) {
      const host = `${name}.`;
      await post(`${managementUrl}/clear-txt`, { host });
      if (text !== null) await post(`${managementUrl}/set-txt`, { host, value: text });
    },
    async setIssuers(name, issuers) {
      await post(`${managementUrl}/clear-caa`, { host: name });
      const policies = issuers.map((value) => ({ tag: 'issue', value }));
      if (policies.length > 0) await post(`${managementUrl}/add-caa`, { host: name, policies });
    },
    setBroken: (name, isBroken) => post(`${managementUrl}/${isBroken ? 'set' : 'clear'}-servfail`, { host: name }),
    stop,
  };
}

/** Debian's pebble on loopback; `httpPort` is where it looks for challenges (an edge's), `blocked` what it never signs for. */
export async function startPebble(options: {
  readonly httpPort: number;
  readonly dns: ChallengeDns;
  readonly blocked?: readonly string[];
  /** So many of a hundred requests are refused because of their nonce. */
  readonly nonceErrors?: number;
  /** A port of the test's choice: the same authority again, with nothing remembered. */
  readonly port?: number;
}): Promise<Pebble> {
  const folder = await mkdtemp(join(tmpdir(), 'shophosting-pebble-'));
  const authority = await makeAuthority(['localhost']);
  const key = await makeKey();
  const [port, management] = [options.port ?? (await freePort()), await freePort()];
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: join(folder, 'server.crt'),
    privateKey: join(folder, 'server.key'),
    httpPort: options.httpPort,
    tlsPort: 1,
    domainBlocklist: options.blocked ?? [],
  };
  await writeFile(config.certificate, await issueLeaf('localhost', createPrivateKey(key), authority));
  await writeFile(config.privateKey, key);
  await writeFile(join(folder, 'ca.crt'), authority.certificate);
  await writeFile(join(folder, 'pebble.json'), JSON.stringify({ pebble: config }));
  const program = ['-strict=false', '-config', join(folder, 'pebble.json'), '-dnsserver', options.dns.server];
  const stop = start('/usr/bin/pebble', program, {
    ...QUICK,
    PEBBLE_WFE_NONCEREJECT: String(options.nonceErrors ?? 0),
  });
  const get = (url: string) => getSecure(url, authority.certificate);
  const directory = `https://localhost:${port}/dir`;
  await answers(() => get(directory));
  return {
    directory,
    port,
    caFile: join(folder, 'ca.crt'),
    root: await get(`https://localhost:${management}/roots/0`),
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends when told to, and with us however we end. */
function start(path: string, args: readonly string[], env: Readonly<Record<string, string>>): () => Promise<void> {
  const ending = new AbortController();
  const ended = runCommand({ path }, args, { signal: ending.signal, timeoutMs: HOUR, env });
  // Heard of by whoever waits for an answer; how it ends at our word does not matter.
  const done = ended.then(
    () => undefined,
    () => undefined,
  );
  return async () => {
    ending.abort();
    await done;
  };
}

async function answers(ask: () => Promise<unknown>): Promise<void> {
  await probeUntil(
    async () =>
      ask().then(
        () => true,
        () => undefined,
      ),
    {
      signal: AbortSignal.timeout(START_WITHIN_MS),
      firstDelayMs: 20,
      maxDelayMs: 200,
    },
  );
}

function post(url: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = requestPlain(url, { method: 'POST', agent: false }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${url}: refused`))));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

function getSecure(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = requestSecure(url, { ca, agent: false, family: 4 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end();
  });
}
