import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import type { AppError } from '../../domain/errors.ts';
import type { PageContext } from '../page-context.ts';
import type { WebServices } from '../services.ts';
import { SET_COOKIES } from './cookies.ts';
import type { WebLog } from './log-requests.ts';
import type { RequestFacts } from './request-facts.ts';

const KEY_BYTES = 24;

/** The built pages: an address and what is known of the request → the answer. */
export type RenderPage = (request: Request, page: PageContext) => Promise<Response>;

export interface PagesDeps {
  readonly services: WebServices;
  readonly render: RenderPage;
  readonly log: WebLog;
}

/**
 * Hands a request to the pages under the address that the public knows: whatever host and scheme it came to us by.
 * React Router refuses every form post otherwise (remix-run/react-router#15196). That it comes from our own pages has
 * been checked before, against the browser's own word.
 */
export function createPages({ services, render, log }: PagesDeps) {
  return (context: Context<RequestFacts>, refusal?: AppError): Promise<Response> => {
    const { session, requestId } = context.var;
    const page: PageContext = {
      services,
      visitor: context.get('visitor'),
      token: context.get('token'),
      operatorToken: context.get('operatorToken'),
      session,
      origin: context.get('origin'),
      nonce: context.get('nonce'),
      requestId,
      theme: context.get('theme'),
      flash: context.get('flash'),
      pending: context.get('pending'),
      passkeyQuestion: context.get('passkeyQuestion'),
      cookies: SET_COOKIES,
      refusal,
      leadFormTo: (url) => context.set('formTarget', new URL(url).origin),
      newIdempotencyKey: () => randomBytes(KEY_BYTES).toString('base64url'),
      report: (error) => log.error({ requestId, err: error }, 'Page failed'),
    };
    return render(publicRequest(context.req.raw, services.facts.publicUrl, refusal !== undefined), page);
  };
}

function publicRequest(request: Request, publicUrl: string, isRefused: boolean): Request {
  const { pathname, search } = new URL(request.url);
  const ours = new URL(publicUrl);
  const url = new URL(ours);
  // A route that only acts has no page to show its refusal in; every other would show the same.
  url.pathname = isRefused ? ours.pathname : pathname;
  url.search = search;
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()].filter((key) => key.startsWith('x-forwarded-'))) headers.delete(name);
  headers.set('host', ours.host);
  if (headers.has('origin')) headers.set('origin', ours.origin);
  // What was refused is not acted on: only its page is shown.
  const method = isRefused ? 'GET' : request.method;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, {
    method,
    headers,
    signal: request.signal,
    ...(hasBody ? { body: request.body, duplex: 'half' } : {}),
  });
}
