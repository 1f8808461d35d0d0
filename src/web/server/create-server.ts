import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError, toAppError } from '../../domain/errors.ts';
import { originOfSession, originOfVisitor } from '../../domain/origin.ts';
import { newId } from '../../lib/new-id.ts';
import { showsToken } from '../api/caller-of.ts';
import { createV1 } from '../api/create-v1.ts';
import { statusOf } from '../status-of.ts';
import { type ApiDeps, createApi, isForAnyone } from './api.ts';
import { readCookies } from './cookies.ts';
import { createDatabaseDoor } from './database-door.ts';
import { logRequests, type WebLog } from './log-requests.ts';
import { problemResponse, retryAfter } from './problem.ts';
import type { RequestFacts } from './request-facts.ts';
import { sameOriginOnly } from './same-origin.ts';
import { developmentPolicy, policyOf, securityHeaders } from './security-headers.ts';
import { serveFiles } from './serve-files.ts';
import { createPages, type RenderPage } from './serve-pages.ts';
import { createEventStreams } from './stream-events.ts';
import { visitorOf } from './visitor.ts';

/** Our largest form is a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export interface WebServerDeps extends Omit<ApiDeps, 'streams'> {
  /** Aborts when the process is to end: open streams then end too. */
  readonly stopping: AbortSignal;
  readonly render: RenderPage;
  /** The folder with the pages' scripts, styles and fonts. */
  readonly filesFolder: string;
  readonly log: WebLog;
  /** For development: pages then need what built ones do not. */
  readonly isFromSources?: boolean;
}

/** The web process as one function from request to answer: files, JSON API, pages, in this order. */
export function createWebServer(deps: WebServerDeps): Hono<RequestFacts> {
  const { services, log } = deps;
  const pages = createPages(deps);
  const streams = createEventStreams(deps);
  const server = new Hono<RequestFacts>();

  server.use(async (context, next) => {
    const { token, operatorToken, device, theme, flash, pending, passkeyQuestion } = readCookies(context);
    context.set('requestId', newId('req'));
    const visitor = visitorOf(context, device);
    context.set('visitor', visitor);
    context.set('origin', originOfVisitor(visitor));
    context.set('theme', theme);
    context.set('flash', flash);
    context.set('token', token);
    context.set('operatorToken', operatorToken);
    context.set('pending', pending);
    context.set('passkeyQuestion', passkeyQuestion);
    await next();
  });
  // Before all that is about our own pages: what is behind it shares nothing with them.
  server.route('/', createDatabaseDoor(deps));
  server.use(securityHeaders(deps.isFromSources === true ? developmentPolicy : policyOf));
  server.use(serveFiles(deps.filesFolder));
  server.use(logRequests(log));
  server.use(sameOriginOnly(services.facts.publicUrl));
  const limitBody = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new AppError('body_too_large', 'The body is larger than any form of ours.');
    },
  });
  // Looking for a body makes the whole request anew, and nobody reads one of these (a Request of theirs has none).
  server.use((context, next) => (WITHOUT_BODY.has(context.req.method) ? next() : limitBody(context, next)));
  server.use(async (context, next) => {
    const token = context.get('token');
    // Who shows a token is who the token says, whatever else a browser sends along.
    if (token !== undefined && !isForAnyone(context.req.path) && !showsToken(context)) {
      const session = await services.accounts.findSession(token);
      context.set('session', session);
      if (session !== undefined) context.set('origin', originOfSession(session, context.get('visitor')));
    }
    await next();
  });
  server.route('/', createApi({ ...deps, streams }));
  server.route('/', createV1({ services, streams }));
  server.all('*', (context) => {
    if (isApi(context.req.path)) throw new AppError('not_found', `There is no ${context.req.path}.`);
    return pages(context);
  });

  server.onError(async (thrown, context) => {
    const error = toAppError(thrown);
    const requestId = context.get('requestId');
    if (statusOf(error.code) === 500) log.error({ requestId, err: thrown }, 'Request failed');
    if (isApi(context.req.path)) return problemResponse(error, requestId);
    const page = await pages(context, error);
    for (const [name, value] of Object.entries(retryAfter(error))) page.headers.set(name, value);
    return page;
  });
  return server;
}

function isApi(path: string): boolean {
  return path.startsWith('/api/');
}
