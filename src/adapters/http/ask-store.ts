import { request } from 'node:http';
import { AppError } from '../../domain/errors.ts';

/**
 * Asks a shop for a page on its own loopback port, past the edge. The header is what lets the shop's web server answer
 * its cron path; the edge takes that header from every request of the public. Throws when the answer is an error.
 */
export function askStore(store: { port: number; host: string }, path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: store.port,
        path,
        headers: { host: store.host, 'x-shop-cron': '1', 'x-forwarded-proto': 'https' },
        signal,
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          const status = response.statusCode ?? 0;
          if (status < 400) resolve();
          else
            reject(new AppError('route_unreachable', `The shop answered ${path} with ${status}.`, { retryable: true }));
        });
      },
    );
    call.once('error', reject);
    call.end();
  });
}
