import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { databasePath } from '../../domain/database-opening.ts';
import { MINUTE } from '../../lib/time.ts';
import type { WebServices } from '../services.ts';
import type { WebLog } from './log-requests.ts';
import type { RequestFacts } from './request-facts.ts';

const ANSWER_WITHIN_MS = 2 * MINUTE;
/** What phpMyAdmin is told of a request. Never a cookie, nor who asks: it has one session, and one person in it. */
const HANDED_IN = ['accept', 'accept-language', 'content-type', 'x-requested-with', 'user-agent'];
/** What is taken over from its answer. Everything about origins, frames and cookies is said here instead. */
const HANDED_OUT = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-encoding',
  'location',
  'last-modified',
];
const CLOSED =
  '<!doctype html><meta charset="utf-8"><title>Closed</title><p>This way into the database is closed. Open it again under <em>Access</em> on the page of your store.';

const FAILED =
  '<!doctype html><meta charset="utf-8"><title>Not now</title><p>phpMyAdmin did not answer as it should. Try again.';

export interface DatabaseDoorDeps {
  readonly services: WebServices;
  readonly log: WebLog;
}

/**
 * phpMyAdmin, for whoever brings the token of an opening: it stands in the address, and the session that it was opened
 * in must live. Pages in there have no origin of their own (`sandbox`), so the browser gives them nothing of the panel's:
 * no cookie, no storage, no answer. Their requests are therefore anybody's, and neither cookies nor `Origin` count here.
 */
export function createDatabaseDoor({ services, log }: DatabaseDoorDeps): Hono<RequestFacts> {
  const door = new Hono<RequestFacts>();
  door.all('/stores/:storeId/database/:token/*', async (context) => {
    const { storeId, token } = context.req.param();
    const prefix = databasePath(storeId, token);
    const own = new URL(prefix, services.facts.publicUrl).href;
    try {
      return await handOn(context, { storeId, token, prefix, own });
    } catch (thrown) {
      // Said here: an answer of the panel's own would be under the panel's own policy, at an address of phpMyAdmin's.
      log.error({ requestId: context.get('requestId'), err: thrown }, 'phpMyAdmin not handed on');
      return new Response(FAILED, { status: 502, headers: sealed(own, 'text/html') });
    }
  });

  async function handOn(context: Context<RequestFacts>, { storeId, token, prefix, own }: Way): Promise<Response> {
    const socketPath = await services.access.databaseDoor(storeId, token);
    if (socketPath === undefined) return new Response(CLOSED, { status: 404, headers: sealed(own, 'text/html') });
    const { method } = context.req;
    if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { ...sealed(own), ...PREFLIGHT } });
    if (method !== 'GET' && method !== 'POST') return new Response(null, { status: 405, headers: sealed(own) });
    const url = new URL(context.req.url);
    const path = `/${url.pathname.slice(prefix.length)}${url.search}`;
    const answer = await ask(
      { socketPath, method, path, headers: headersIn(context.req.raw.headers, method, own) },
      method === 'POST' ? context.req.raw.body : null,
    );
    if (answer === undefined) return new Response(CLOSED, { status: 502, headers: sealed(own, 'text/html') });
    try {
      return new Response(Readable.toWeb(answer) as ReadableStream, {
        status: answer.statusCode ?? 502,
        headers: { ...headersOut(answer.headers, prefix), ...sealed(own) },
      });
    } catch (thrown) {
      answer.destroy();
      throw thrown;
    }
  }
  return door;
}

/** Where an opening is: by its address, as a path and in whole. */
interface Way {
  readonly storeId: string;
  readonly token: string;
  readonly prefix: string;
  readonly own: string;
}

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'content-type, x-requested-with',
};

/** Scripts as phpMyAdmin needs them, but only its own; and from there to nowhere but there. */
function sealed(own: string, type?: string): Record<string, string> {
  return {
    'Content-Security-Policy': [
      'sandbox allow-scripts allow-forms allow-downloads allow-modals',
      "default-src 'none'",
      `script-src ${own} 'unsafe-inline' 'unsafe-eval'`,
      `style-src ${own} 'unsafe-inline'`,
      `img-src ${own} data:`,
      `font-src ${own}`,
      `connect-src ${own}`,
      `form-action ${own}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    // Of such a page the browser says that it comes from `null`; who gets that far knows the token.
    'Access-Control-Allow-Origin': 'null',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    ...(type === undefined ? {} : { 'Content-Type': `${type}; charset=utf-8` }),
  };
}

function headersIn(headers: Headers, method: string, own: string): Record<string, string> {
  // A length is a promise, and only a POST has its body handed on.
  const told = [...HANDED_IN, ...(method === 'POST' ? ['content-length'] : [])].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(told), host: new URL(own).host };
}

function headersOut(headers: IncomingHttpHeaders, prefix: string): Record<string, string> {
  const told = HANDED_OUT.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const { location, ...others } = Object.fromEntries(told) as Record<string, string>;
  // It knows nothing of where it stands, and leads nowhere else.
  if (location === undefined) return others;
  const target = new URL(location, 'http://panel/');
  return { ...others, location: `${prefix}${target.pathname.slice(1)}${target.search}` };
}

/** `undefined` when nobody listens, or nothing comes. */
function ask(
  to: { socketPath: string; method: string; path: string; headers: Record<string, string> },
  body: ReadableStream | null,
): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const asked = request({ ...to, agent: false, timeout: ANSWER_WITHIN_MS }, resolve);
    // Also what is no answer, e.g. another protocol.
    asked.once('close', () => resolve(undefined));
    asked.once('error', () => resolve(undefined));
    asked.once('timeout', () => asked.destroy());
    if (body === null) asked.end();
    else
      Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
        .on('error', () => asked.destroy())
        .pipe(asked);
  });
}
