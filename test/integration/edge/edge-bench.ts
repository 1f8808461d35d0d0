import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestPlain,
  type Server,
} from 'node:http';
import { request as requestSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import {
  createLocalCertificates,
  type LocalCertificates,
} from '../../../src/adapters/certificates/local-certificates.ts';
import { createEdge } from '../../../src/adapters/edge/create-edge.ts';
import type { Edge, EdgeOptions, Route } from '../../../src/adapters/edge/edge.ts';
import { createHost } from '../../../src/adapters/host/host.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { freePort } from '../../services/free-port.ts';

export const EDGE_USER = 'shophosting-edge';

/** An edge of its own, with folders and ports of its own, and routes that the test sets. */
export interface EdgeBench {
  readonly edge: Edge;
  readonly options: EdgeOptions;
  readonly certificates: LocalCertificates;
  readonly dataDir: string;
  routes: Route[];
  /** How often the routes were read. */
  reads: number;
  /** A second edge on the same folders, as another process of the same instance would have. */
  sibling(change?: Partial<EdgeOptions>): Edge;
  get(hostname: string, ask?: Ask): Promise<Answer>;
  getPlain(hostname: string, path?: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** What the handshake asks for, when it is not the Host. */
  readonly servername?: string;
  readonly address?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly page: string | undefined;
  /** Was the certificate valid for the name, with our CA as the only one trusted? */
  readonly isTrusted: boolean;
  readonly certificateNames: string | undefined;
}

export function signal(): AbortSignal {
  return AbortSignal.timeout(2 * MINUTE);
}

export async function startBench(change: Partial<EdgeOptions> & { dataDir?: string } = {}): Promise<EdgeBench> {
  await createHost({ onProgress: () => undefined }).ensureSystemUser(EDGE_USER, signal());
  const made = change.dataDir === undefined ? await mkdtemp(join(tmpdir(), 'edge-')) : undefined;
  const dataDir = change.dataDir ?? made ?? '';
  if (made !== undefined) await chmod(made, 0o755);
  const certificates = createLocalCertificates({ dataDir, user: EDGE_USER });
  const lock = createLock();
  const bench: EdgeBench = {
    routes: [],
    reads: 0,
    dataDir,
    certificates,
    options: {
      dataDir,
      httpPort: await freePort(),
      httpsPort: await freePort(),
      listenAddress: '127.0.0.1',
      baseDomain: 'localhost',
      platformHost: 'localhost',
      webPort: await freePort(),
      pageCacheMb: 16,
      user: EDGE_USER,
      withLock: (fn) => lock(() => fn()),
      listRoutes: async () => {
        bench.reads += 1;
        return [...bench.routes];
      },
      findRoute: async (hostname) => bench.routes.find((route) => route.hostname === hostname),
      certificates,
      ...change,
    },
    get edge() {
      return edge;
    },
    sibling: (other = {}) => createEdge({ ...bench.options, ...other }),
    get: async (hostname, ask = {}) => await getSecure(bench, hostname, ask),
    getPlain: async (hostname, path = '/') => await getPlain(bench, hostname, path),
    async close() {
      await edge.stop(signal());
      if (made !== undefined) await rm(made, { recursive: true, force: true });
    },
  };
  const edge = createEdge(bench.options);
  return bench;
}

/**
 * What a store's web service is to the edge: a server on loopback. Answers with what reached it; with another status
 * under `/status/NNN`, and so many milliseconds later under `/after/MS`.
 */
export async function startUpstream(name: string): Promise<{ port: number; server: Server; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const hash: Buffer[] = [];
    request.on('data', (chunk: Buffer) => hash.push(chunk));
    request.on('end', () => {
      const status = Number(/^\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-edge-page': 'forged',
        'x-accel-redirect': '/.edge/suspended.html',
        'strict-transport-security': 'max-age=1',
        connection: 'close',
      });
      const size = hash.reduce((sum, chunk) => sum + chunk.length, 0);
      const { url, method, headers } = request;
      const answer = (): unknown => response.end(JSON.stringify({ name, url, method, size, headers }));
      const afterMs = Number(/^\/after\/(\d+)/.exec(url ?? '')?.[1] ?? 0);
      if (afterMs === 0) answer();
      else setTimeout(answer, afterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.address()),
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The processes of this edge as the kernel knows them now. */
export async function masterOf(bench: EdgeBench): Promise<number> {
  const running = await bench.edge.isRunning();
  if (running === undefined) throw new Error('the edge should be running');
  return running.pid;
}

async function getSecure(bench: EdgeBench, hostname: string, ask: Ask): Promise<Answer> {
  const { httpsPort } = bench.options;
  const servername = ask.servername ?? hostname;
  return await collect(
    (done) =>
      requestSecure(
        {
          host: ask.address ?? '127.0.0.1',
          port: httpsPort,
          servername,
          path: ask.path ?? '/',
          method: ask.method ?? 'GET',
          headers: { host: `${hostname}:${httpsPort}`, ...ask.headers },
          ca: done.ca,
          rejectUnauthorized: false,
          agent: false,
        },
        done.onResponse,
      )
        .on('error', done.onError)
        .end(ask.body),
    await readFile(bench.certificates.caFile, 'utf8'),
  );
}

async function getPlain(bench: EdgeBench, hostname: string, path: string): Promise<Answer> {
  const { httpPort } = bench.options;
  return await collect((done) =>
    requestPlain(
      { host: '127.0.0.1', port: httpPort, path, headers: { host: `${hostname}:${httpPort}` }, agent: false },
      done.onResponse,
    )
      .on('error', done.onError)
      .end(),
  );
}

type OnResponse = Parameters<typeof requestPlain>[1] & ((response: IncomingMessage) => void);

function collect(
  send: (done: { ca: string; onResponse: OnResponse; onError: (error: Error) => void }) => unknown,
  ca = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      const socket = response.socket as TLSSocket;
      const isTrusted = Boolean(socket.authorized);
      const certificateNames = socket.encrypted ? socket.getPeerCertificate().subjectaltname : undefined;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => {
        const page = response.headers['x-edge-page'];
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          page: typeof page === 'string' ? page : undefined,
          isTrusted,
          certificateNames,
        });
      });
    };
    send({ ca, onResponse, onError: reject });
  });
}

/** One at a time, as the named lock of MySQL would have it. */
function createLock(): <T>(fn: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async (fn) => {
    const mine = last.then(fn, fn);
    last = mine.catch(() => undefined);
    return await mine;
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}
