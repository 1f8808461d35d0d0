import { randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { PAGES_WITH_TOKENS } from '../../domain/one-time-token.ts';
import type { RequestFacts } from './request-facts.ts';

const NONCE_BYTES = 16;
/** What such a page loads is not to name its address either, which logs of the edge would keep. */
const HOLDS_TOKEN = new RegExp(`^/(?:${PAGES_WITH_TOKENS.join('|')})(?:[./]|$)`);

/**
 * What every answer of ours carries, also errors. Scripts and style elements need this answer's nonce; style attributes
 * are allowed because our components set them, and no markup of ours holds what somebody typed unescaped.
 */
export function securityHeaders(
  policy: (nonce: string, formTarget?: string) => string,
): MiddlewareHandler<RequestFacts> {
  return async (context, next) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    context.set('nonce', nonce);
    await next();
    const headers = context.res.headers;
    headers.set('Content-Security-Policy', policy(nonce, context.get('formTarget')));
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('X-Frame-Options', 'DENY');
    headers.set('Referrer-Policy', HOLDS_TOKEN.test(context.req.path) ? 'strict-origin' : 'same-origin');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    headers.set('X-Request-Id', context.get('requestId'));
    // Pages and answers are somebody's; what may be kept (files named by their content) says so itself.
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  };
}

/** Where scripts, styles and all else may come from; `formTarget`: where forms of this one page may lead besides. */
export function policyOf(nonce: string, formTarget?: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `form-action 'self'${formTarget === undefined ? '' : ` ${formTarget}`}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The same, but for styles that Vite puts in while somebody edits them, and for the line on which it says so. */
export function developmentPolicy(nonce: string, formTarget?: string): string {
  return policyOf(nonce, formTarget)
    .replace(`style-src 'self' 'nonce-${nonce}'`, "style-src 'self' 'unsafe-inline'")
    .replace("connect-src 'self'", "connect-src 'self' ws://127.0.0.1:*");
}
