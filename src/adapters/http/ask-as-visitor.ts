import { request } from 'node:http';
import { AppError } from '../../domain/errors.ts';

const REDIRECT = 300;
const ERROR = 400;

/**
 * Asks a shop for its first page as a visitor of this host would get it, on its own loopback port, past the edge.
 * The header, which the edge takes from every visitor, leads past the shop's own maintenance page.
 * Throws `route_unreachable` unless it answers with a page, or with a way to another page of the same host.
 */
export function askAsVisitor(port: number, host: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-shop-cron': '1', 'x-forwarded-proto': 'https', 'x-forwarded-host': host };
    const call = request({ host: '127.0.0.1', port, path: '/', headers, agent: false, signal }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (status >= ERROR) return reject(silent(`The shop answers for ${host} with ${status}.`));
      if (status >= REDIRECT && location !== undefined && hostOf(location, host) !== host)
        return reject(silent(`The shop sends visitors of ${host} to ${location}.`));
      resolve();
    });
    call.once('error', (error) => reject(signal.aborted ? (signal.reason as Error) : silent(error.message)));
    call.end();
  });
}

const hostOf = (location: string, host: string): string | undefined =>
  URL.canParse(location, `https://${host}`) ? new URL(location, `https://${host}`).host : undefined;

const silent = (message: string): AppError => new AppError('route_unreachable', message, { retryable: true });
