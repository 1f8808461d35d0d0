import autocannon from 'autocannon';
import type { Sample } from './benchmark.ts';
import { percentile } from './measure.ts';

/** Whom to ask; `ca` and `host` for HTTPS under a name that is dialled on loopback. */
export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of each connection, counted from 0, where they ask with headers of their own. */
  readonly headersOf?: (connection: number) => Readonly<Record<string, string>>;
  readonly host?: string;
  readonly ca?: string;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

/**
 * Asks without pause by so many connections at once. Total: answers per second; parts `p50` and `p99`: milliseconds from
 * asking to the answer. Throws when anything but 200 came, since then something else was measured.
 */
export async function putUnderLoad(target: Target, load: Load, signal: AbortSignal): Promise<Sample> {
  const took: number[] = [];
  const { headersOf } = target;
  let connected = 0;
  const run = autocannon({
    url: target.url,
    connections: load.connections,
    duration: load.seconds,
    ...(target.headers === undefined ? {} : { headers: target.headers }),
    ...(headersOf === undefined ? {} : { setupClient: (client) => client.setHeaders(headersOf(connected++)) }),
    ...(target.host === undefined ? {} : { servername: target.host }),
    ...(target.ca === undefined ? {} : { tlsOptions: { ca: target.ca } }),
  });
  const stop = (): void => run.stop();
  signal.addEventListener('abort', stop, { once: true });
  run.on('response', (_client, _status, _bytes, responseTimeMs) => took.push(responseTimeMs));
  const result = await run;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  const bad = result.errors + result.timeouts + result.non2xx;
  if (bad > 0 || result['2xx'] === 0) {
    throw new Error(`${target.url}: ${bad} of ${result['2xx'] + bad} requests did not get a 200.`);
  }
  return {
    total: result['2xx'] / result.duration,
    parts: { p50: percentile(took, 50), p99: percentile(took, 99) },
  };
}
