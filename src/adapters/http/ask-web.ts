import { request } from 'node:http';
import { z } from 'zod';

/** What the web process says of itself. */
export interface WebAnswer {
  readonly status: number;
  /** `degraded` and its like, where the answer tells it. */
  readonly state: string | undefined;
}

const BODY = z.object({ status: z.string() });
const MAX_BODY = 64 * 1024;

/** Asks the web process on its own loopback port, past the edge. Throws when nothing answers there. */
export function askWeb(port: number, path: '/healthz' | '/readyz', signal: AbortSignal): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, signal, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < MAX_BODY) body += chunk;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, state: stateIn(body) }));
    });
    call.once('error', reject);
    call.end();
  });
}

function stateIn(body: string): string | undefined {
  try {
    return BODY.parse(JSON.parse(body)).status;
  } catch {
    return undefined;
  }
}
