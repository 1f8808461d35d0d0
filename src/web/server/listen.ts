import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { SECOND } from '../../lib/time.ts';
import type { createWebServer } from './create-server.ts';

/** What is being answered may end; after this, lines are cut. */
const FINISH_WITHIN_MS = 5 * SECOND;
/** A client that sends its headers drop by drop. */
const HEADERS_WITHIN_MS = 15 * SECOND;
const REQUEST_WITHIN_MS = 60 * SECOND;

/** Serves on loopback until the signal aborts; resolves when what was being answered has ended. Throws when the port is taken. */
export async function listen(
  server: ReturnType<typeof createWebServer>,
  port: number,
  stopping: AbortSignal,
): Promise<void> {
  const http = createAdaptorServer({
    fetch: server.fetch,
    serverOptions: { headersTimeout: HEADERS_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS },
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  if (!stopping.aborted) await once(stopping, 'abort');
  const closed = once(http, 'close');
  http.close();
  if ('closeIdleConnections' in http) http.closeIdleConnections();
  const cut = setTimeout(() => 'closeAllConnections' in http && http.closeAllConnections(), FINISH_WITHIN_MS);
  await closed;
  clearTimeout(cut);
}
