import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertbot } from '../../../src/adapters/certbot/certbot.ts';
import {
  type AcmeAuthority,
  type AcmeOrders,
  type CertificateEvent,
  createAcmeOrders,
} from '../../../src/adapters/certificates/acme-orders.ts';
import { type Certificates, createCertificates } from '../../../src/adapters/certificates/certificates.ts';
import { createLocalCertificates } from '../../../src/adapters/certificates/local-certificates.ts';
import type { Wildcard } from '../../../src/adapters/certificates/wildcard.ts';
import { createNameCheck } from '../../../src/adapters/dns/check-name.ts';
import { edgeFolders } from '../../../src/adapters/edge/edge-folders.ts';
import { withLock } from '../../../src/adapters/host/exclusive-lock.ts';
import type { FailedAttempts } from '../../../src/domain/certificates.ts';
import type { OrderCounts } from '../../../src/domain/order-budget.ts';
import { SECOND } from '../../../src/lib/time.ts';
import { freePort } from '../../services/free-port.ts';
import { type ChallengeDns, type Pebble, startChallengeDns, startPebble } from '../../services/pebble.ts';
import { EDGE_USER, type EdgeBench, startBench } from '../edge/edge-bench.ts';

export const BASE = 'shops.example.net';
/** An address that this machine is said to have, and one that it has not. */
const PUBLIC_ADDRESS = '198.35.26.96';
export const ELSEWHERE = '127.0.0.9';

/** The platform's certificates on a real edge, asked for by the real certbot at a Pebble of the test's own. */
export interface CertificateBench {
  readonly edge: EdgeBench;
  readonly dns: ChallengeDns;
  readonly pebble: Pebble;
  readonly dataDir: string;
  readonly events: CertificateEvent[];
  readonly attempts: Map<string, FailedAttempts>;
  /** How the orders ended, as the budget was told. */
  readonly outcomes: string[];
  /** Orders at `authority`, this bench's Pebble where none is given. */
  orders(change?: OrdersChange): AcmeOrders;
  /** What `authority` is to the orders: certbot, talking to it. */
  certbot(pebble: Pick<Pebble, 'directory' | 'caFile'>, change?: { httpMs?: number; dnsHook?: string }): AcmeAuthority;
  certificates(parts?: { orders?: AcmeOrders; wildcard?: Wildcard; now?: () => Date }): Certificates;
  close(): Promise<void>;
}

interface OrdersChange {
  readonly authority?: AcmeAuthority;
  readonly publicRoots?: readonly string[];
  readonly now?: () => Date;
  /** What is said to have been ordered lately. */
  readonly spent?: Partial<OrderCounts>;
}

export async function startCertificateBench(blocked: readonly string[]): Promise<CertificateBench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'certificates-'));
  await chmod(dataDir, 0o755);
  const events: CertificateEvent[] = [];
  const attempts = new Map<string, FailedAttempts>();
  const outcomes: string[] = [];
  const webroot = edgeFolders(dataDir).acme;
  const local = createLocalCertificates({ dataDir, user: EDGE_USER });
  const httpPort = await freePort();
  const dns = await startChallengeDns();
  const pebble = await startPebble({ httpPort, dns, blocked });

  const bench: Omit<CertificateBench, 'edge'> = {
    dns,
    pebble,
    dataDir,
    events,
    attempts,
    outcomes,
    certbot: ({ directory, caFile }, { httpMs = 30 * SECOND, dnsHook } = {}) =>
      createCertbot({
        dataDir,
        webroot,
        directory,
        caFile,
        dnsHook,
        email: 'operator@example.com',
        ensureInstalled: async () => undefined,
        timeouts: { httpMs, dnsMs: 30 * SECOND },
      }),
    orders: ({ authority = bench.certbot(pebble), publicRoots = [], now = () => new Date(), spent = {} } = {}) =>
      createAcmeOrders({
        authority,
        checkName: createNameCheck({
          webroot,
          dnsServers: [dns.server],
          publicAddresses: ['127.0.0.1'],
          challengePort: httpPort,
          ownAddresses: () => ['127.0.0.1', PUBLIC_ADDRESS],
        }),
        attempts: {
          find: async (name) => attempts.get(name),
          put: async (failed) => void attempts.set(failed.hostname, failed),
          clear: async (name) => void attempts.delete(name),
        },
        budget: {
          count: async () => ({ account: 0, failuresOfName: 0, issuedForName: 0, newBelowRegistered: 0, ...spent }),
          begin: async () => 1,
          end: async (_order, outcome) => void outcomes.push(outcome),
        },
        inTurn: (signal, action) => withLock(`certbot:${dataDir}`, { signal, onWait: () => undefined }, action),
        onEvent: async (event) => void events.push(event),
        now,
        publicRoots,
      }),
    certificates: (parts = {}) =>
      createCertificates({ dataDir, user: EDGE_USER, local, orders: bench.orders(), ...parts }),
    async close() {
      await edge.close();
      await pebble.stop();
      await dns.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  const edge = await startBench({ dataDir, httpPort, certificates: bench.certificates().forEdge });
  return { ...bench, edge };
}

/** An authority that takes every connection and never says a word. */
export async function startSilentAuthority(): Promise<{ readonly directory: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    directory: `https://localhost:${address.port}/dir`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** What an operator's DNS program may look like: it tells the test's DNS. */
export async function writeDnsHook(folder: string, dns: ChallengeDns): Promise<string> {
  const path = join(folder, 'dns-hook');
  const script = `#!${process.execPath}
const { CERTBOT_DOMAIN, CERTBOT_VALIDATION } = process.env;
const [path, body] =
  process.argv[2] === 'add' ? ['/set-txt', { value: CERTBOT_VALIDATION }] : ['/clear-txt', {}];
const host = '_acme-challenge.' + CERTBOT_DOMAIN + '.';
const request = require('http').request('${dns.managementUrl}' + path, { method: 'POST' }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
});
request.end(JSON.stringify({ host, ...body }));
`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}
