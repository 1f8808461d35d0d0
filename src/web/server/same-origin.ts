import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../domain/errors.ts';

const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Lets a change through only when it comes from our own pages. Shops live on names beside ours and are hostile
 * neighbours: `same-site` is refused like `cross-site`. A browser that does not send `Sec-Fetch-Site` sends `Origin`; a
 * client that sends neither is no browser, carries nobody's cookies but its own, and needs no protection (the rule of
 * Go's http.CrossOriginProtection). Cookies are `SameSite=Lax` besides. Throws `request_refused`.
 */
export function sameOriginOnly(publicUrl: string): MiddlewareHandler {
  const ours = new URL(publicUrl).origin;
  return async (context, next) => {
    if (!SAFE.includes(context.req.method)) {
      const site = context.req.header('sec-fetch-site');
      const origin = context.req.header('origin');
      const isOurs = site === undefined ? origin === undefined || origin === ours : site === 'same-origin';
      if (!isOurs) throw new AppError('request_refused', `Refused: a ${context.req.method} from ${origin ?? site}.`);
    }
    await next();
  };
}
