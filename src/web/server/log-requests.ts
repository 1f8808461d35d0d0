import type { MiddlewareHandler } from 'hono';
import type { RequestFacts } from './request-facts.ts';

export interface WebLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** One line per request; no query string, no body, no cookie: links and forms carry secrets. */
export function logRequests(log: WebLog): MiddlewareHandler<RequestFacts> {
  return async (context, next) => {
    const startedAt = performance.now();
    await next();
    const { actor, tokenId } = context.get('origin');
    log.info(
      {
        requestId: context.get('requestId'),
        method: context.req.method,
        path: context.req.path,
        status: context.res.status,
        ms: Math.round(performance.now() - startedAt),
        address: context.get('visitor').address,
        customerId: tokenId === undefined ? context.get('session')?.customerId : actor,
        tokenId,
      },
      'Request',
    );
  };
}
