import { open, readFile, rename } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Cluster, type ClusterRecord } from './cluster.ts';
import { EngineError } from './json.ts';
import { answer, type SearchAnswer, type SearchRequest } from './routes.ts';

export interface SearchStandIn {
  readonly url: string;
  /** Ends it; what was acknowledged is in the file. */
  stop(): Promise<void>;
}

export interface StandInOptions {
  /** `127.0.0.1`, unless it is alone in a container. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Everything is kept here between starts; without one it is kept in memory only. */
  readonly file?: string;
  readonly onRefused?: (line: string) => void;
}

const MOST_BYTES = 100 * 1024 * 1024;

/** A search server for tests: answers what Magento asks, refuses everything else. Rejects when the port is taken. */
export async function startSearchStandIn(options: StandInOptions = {}): Promise<SearchStandIn> {
  const cluster = new Cluster(await readRecord(options.file));
  const keep = keeper(cluster, options.file);
  const server = createServer((request, response) => {
    void serve(cluster, request, keep).then(
      (result) => reply(request, response, result, options.onRefused),
      (error: unknown) => reply(request, response, failed(error), options.onRefused),
    );
  });
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => closed(server) };
}

async function serve(cluster: Cluster, request: IncomingMessage, keep: () => Promise<void>): Promise<SearchAnswer> {
  const text = await bodyOf(request);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://search');
  const path = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const asked: SearchRequest = { method: request.method ?? 'GET', path, query: searchParams, text };
  const result = answer(cluster, asked);
  if (result.changed) await keep();
  return result;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new EngineError(413, 'too_large', 'The request is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failed(error: unknown): SearchAnswer {
  if (error instanceof EngineError) return { status: error.status, body: error.body(), changed: false };
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ...failed(new EngineError(500, 'stand_in_exception', reason)), status: 500 };
}

function reply(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: SearchAnswer,
  onRefused: StandInOptions['onRefused'],
): void {
  // What is missing is often asked for; everything else that is refused tells something about the asker or the stand-in.
  if (status >= 400 && status !== 404)
    onRefused?.(`${request.method} ${request.url} ${status} ${JSON.stringify(body)}`);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function readRecord(file: string | undefined): Promise<ClusterRecord | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as ClusterRecord);
}

/** Writes the record beside the file, then renames it; changes that come while one is being written share the next. */
function keeper(cluster: Cluster, file: string | undefined): () => Promise<void> {
  if (file === undefined) return () => Promise.resolve();
  let running = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running.then(() => {
      next = undefined;
      running = writeRecord(cluster.record(), file);
      return running;
    });
    return next;
  };
}

async function writeRecord(record: ClusterRecord, file: string): Promise<void> {
  const beside = await open(`${file}.new`, 'w', 0o600);
  try {
    await beside.writeFile(JSON.stringify(record));
    await beside.sync();
  } finally {
    await beside.close();
  }
  await rename(`${file}.new`, file);
}

function listening(server: Server, { host = '127.0.0.1', port = 0 }: StandInOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
