import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';
import { DAY, SECOND } from '../../lib/time.ts';
import type { RequestFacts } from './request-facts.ts';

const YEAR_SECONDS = (365 * DAY) / SECOND;
const DAY_SECONDS = DAY / SECOND;

/**
 * The pages' scripts, styles and fonts. What the build named by its content (`/assets/`) may be kept for good, anything
 * else for a day. Passes on what is not there.
 */
export function serveFiles(folder: string): MiddlewareHandler<RequestFacts> {
  return serveStatic({
    root: folder,
    precompressed: true,
    onFound: (path, context) => {
      const isNamedByContent = path.includes('/assets/');
      context.header(
        'Cache-Control',
        isNamedByContent ? `public, max-age=${YEAR_SECONDS}, immutable` : `public, max-age=${DAY_SECONDS}`,
      );
    },
  });
}
