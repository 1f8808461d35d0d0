import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer as createPlain,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTls } from 'node:https';
import type { Server, Socket } from 'node:net';
import { issueLeaf, makeAuthority, makeKey } from '../../src/adapters/certificates/issue-certificate.ts';

export interface ReceivedHook {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface HookServer {
  readonly port: number;
  /** In the order in which they came, each once it was there as a whole. */
  readonly hooks: ReceivedHook[];
  /** How many connections have come, whatever came of them. */
  readonly connections: () => number;
  /** How it answers from now on. Until then: 204. */
  answer(how: (response: ServerResponse, hook: ReceivedHook) => void): void;
  stop(): Promise<void>;
}

export interface HookServerOptions {
  readonly address?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly certificate: string };
}

/** A key pair for the name, and the authority that signed it. */
export async function pairFor(hostname: string) {
  const authority = await makeAuthority([hostname]);
  const key = await makeKey();
  return { key, certificate: await issueLeaf(hostname, createPrivateKey(key), authority), ca: authority.certificate };
}

/** What a customer would have: a server on loopback that takes webhooks. */
export async function startHookServer({
  address = '127.0.0.1',
  port = 0,
  tls,
}: HookServerOptions = {}): Promise<HookServer> {
  const hooks: ReceivedHook[] = [];
  let answer = (response: ServerResponse, _hook: ReceivedHook): void => void response.writeHead(204).end();
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const hook = { path: request.url ?? '', headers: request.headers, body };
      hooks.push(hook);
      answer(response, hook);
    });
  };
  const server: Server =
    tls === undefined ? createPlain(listener) : createTls({ key: tls.key, cert: tls.certificate }, listener);
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    hooks,
    connections: () => connections,
    answer: (how) => {
      answer = how;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
