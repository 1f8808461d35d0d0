import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { SECOND } from '../../lib/time.ts';
import type { createWebServer } from './create-server.ts';
import type { Pages } from './load-pages.ts';

/** What is being answered may end; after this, lines are cut. */
const FINISH_WITHIN_MS = 5 * SECOND;
/** A client that sends its headers drop by drop. */
const HEADERS_WITHIN_MS = 15 * SECOND;
const REQUEST_WITHIN_MS = 60 * SECOND;
/** Longer than the edge does (adapters/edge/render-servers.ts): it never finds a line dead that it wanted to use again. */
const KEEP_IDLE_LINES_MS = 75 * SECOND;

const LIMITS: ServerOptions = {
  headersTimeout: HEADERS_WITHIN_MS,
  requestTimeout: REQUEST_WITHIN_MS,
  keepAliveTimeout: KEEP_IDLE_LINES_MS,
};

/** Serves on loopback until the signal aborts; resolves when what was being answered has ended. Throws when the port is taken. */
export async function listen(
  server: ReturnType<typeof createWebServer>,
  { port, before }: { readonly port: number; readonly before: Pages['before'] },
  stopping: AbortSignal,
): Promise<void> {
  const answer = getRequestListener(server.fetch);
  const http = createServer(LIMITS, (request, response) => {
    // A line that is kept for the next request would outlive the last one.
    response.once('close', () => {
      if (stopping.aborted) http.closeIdleConnections();
    });
    if (before === undefined) void answer(request, response);
    else before(request, response, () => void answer(request, response));
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  if (!stopping.aborted) await once(stopping, 'abort');
  const closed = once(http, 'close');
  http.close();
  http.closeIdleConnections();
  const cut = setTimeout(() => http.closeAllConnections(), FINISH_WITHIN_MS);
  await closed;
  clearTimeout(cut);
}
