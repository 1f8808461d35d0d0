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
  const serve = serveStatic<RequestFacts>({ root: folder, precompressed: true });
  return async (context, next) => {
    // Files have an ending, routes have none: for those nobody looks at the disk.
    if (!context.req.path.includes('.')) return next();
    const answer = await serve(context, next);
    if (answer instanceof Response && answer.ok) {
      const isNamedByContent = context.req.path.includes('/assets/');
      answer.headers.set(
        'Cache-Control',
        isNamedByContent ? `public, max-age=${YEAR_SECONDS}, immutable` : `public, max-age=${DAY_SECONDS}`,
      );
    }
    return answer;
  };
}
