import type { Context, MiddlewareHandler } from 'hono';
import { Hono } from 'hono';
import { TooManyTriesError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import type { RequestFacts } from '../server/request-facts.ts';
import type { KeptAnswer } from '../services/answers.ts';
import { callerOf, letIn } from './caller-of.ts';
import type { ApiRoute, Caller, JsonRoute, RawCall, V1Deps } from './define-route.ts';
import { docsPage } from './docs-page.ts';
import { API_BASE, documentOf } from './document.ts';
import { idempotencyKeyOf, readBody, readQuery } from './read-request.ts';
import { ROUTE_TABLE } from './route-table.ts';

/** The JSON API as an application of Hono's: every row of the table, and the document that describes them. */
export function createV1(deps: V1Deps): Hono<RequestFacts> {
  const api = new Hono<RequestFacts>();
  const document = documentOf(ROUTE_TABLE, deps.services.facts);
  const written = JSON.stringify(document);
  api.get('/api/openapi.json', (context) => context.body(written, 200, { 'Content-Type': 'application/json' }));
  api.get('/api/docs', (context) => context.html(docsPage(document, context.get('nonce'))));
  api.use(`${API_BASE}/*`, tellLimits);
  for (const route of ROUTE_TABLE) {
    const path = `${API_BASE}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    api.on(route.method.toUpperCase(), path, (context) => answer(context, route, deps));
  }
  return api;
}

/** On every answer, a refusal too: how often the caller may come (draft-ietf-httpapi-ratelimit-headers), and who may. */
const tellLimits: MiddlewareHandler<RequestFacts> = async (context, next) => {
  await next();
  const { headers, status } = context.res;
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer realm="api"');
  const turn = context.get('turn');
  if (turn === undefined) return;
  headers.set('RateLimit-Limit', String(turn.limit));
  headers.set('RateLimit-Remaining', String(turn.remaining));
  headers.set('RateLimit-Reset', String(Math.ceil(turn.resetMs / SECOND)));
};

async function answer(context: Context<RequestFacts>, route: ApiRoute, deps: V1Deps): Promise<Response> {
  const { services } = deps;
  const caller = await callerOf(context, services);
  const turn = await services.takeTurn(caller, { isWrite: route.method !== 'get' });
  context.set('turn', turn);
  if (!turn.isAllowed) throw new TooManyTriesError('calls of the API', turn.resetMs);
  letIn(route, caller);
  const { text, body } = await readBody(context, route);
  const key = route.method === 'post' ? idempotencyKeyOf(context) : undefined;
  const raw: RawCall = { params: context.req.param(), query: readQuery(context), body, caller, key, ...deps, context };
  if (route.kind === 'stream') return route.open(raw);
  const act = async (): Promise<KeptAnswer> => write(route, await route.run(raw));
  const { status, body: written } =
    key === undefined ? await act() : await once(context, deps, { caller, key, text }, act);
  if (written === null) return context.body(null, status as 204);
  return context.body(written, status as 200, { 'Content-Type': 'application/json' });
}

/** What leaves is what the document says, whatever else a service tells. */
function write({ answer: schema, status, holdsSecret }: JsonRoute, answered: unknown): KeptAnswer {
  if (schema === null) return { status, body: null };
  return { status, body: JSON.stringify(schema.parse(answered)), ...(holdsSecret === true && { isSecret: true }) };
}

function once(
  context: Context<RequestFacts>,
  { services }: V1Deps,
  { caller, key, text }: { readonly caller: Caller; readonly key: string; readonly text: string },
  act: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const { pathname, search } = new URL(context.req.url);
  const asked = `${context.req.method} ${pathname}${search}\n${text}`;
  return services.answers.once({ customerId: caller.customerId, requestId: context.get('requestId'), key, asked }, act);
}
