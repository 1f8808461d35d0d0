import { request } from 'node:http';
import { AppError } from '../../domain/errors.ts';

/**
 * Asks a shop, on its own loopback port, to do its scheduled work now. The header is what its web server lets this path
 * through for; the edge takes that header from every request of the public.
 */
export function callStoreCron(store: { port: number; domain: string }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: store.port,
        path: '/wp-cron.php?doing_wp_cron',
        headers: { host: store.domain, 'x-shop-cron': '1', 'x-forwarded-proto': 'https' },
        signal,
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          const status = response.statusCode ?? 0;
          if (status < 400) resolve();
          else
            reject(
              new AppError('route_unreachable', `The shop answered its cron call with ${status}.`, { retryable: true }),
            );
        });
      },
    );
    call.once('error', reject);
    call.end();
  });
}
