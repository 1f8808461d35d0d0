import type { Context } from 'hono';
import { Hono } from 'hono';
import { AppError, InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import type { RequestFacts } from '../server/request-facts.ts';
import type { WebServices } from '../services.ts';
import type { ApiRoute, Caller } from './define-route.ts';
import { API_BASE, documentOf } from './document.ts';
import { ROUTE_TABLE } from './route-table.ts';

/** The JSON API as an application of Hono's: every row of the table, and the document that describes them. */
export function createV1(services: WebServices): Hono<RequestFacts> {
  const api = new Hono<RequestFacts>();
  const document = JSON.stringify(documentOf(ROUTE_TABLE, services.facts));
  api.get('/api/openapi.json', (context) => context.body(document, 200, { 'Content-Type': 'application/json' }));
  for (const route of ROUTE_TABLE) {
    const path = `${API_BASE}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    api.on(route.method.toUpperCase(), path, (context) => answer(context, route, services));
  }
  return api;
}

async function answer(context: Context<RequestFacts>, route: ApiRoute, services: WebServices): Promise<Response> {
  const caller = callerOf(context);
  refuse(route, caller);
  const body = await readBody(context, route);
  const raw = { params: context.req.param(), query: queryOf(context), body, caller, services };
  const answered = await route.run(raw, context);
  if (answered instanceof Response) return answered;
  if (route.answer === null) return context.body(null, 204);
  // What leaves is what the document says, whatever else a service tells.
  return context.json(route.answer.parse(answered) as object, route.status as 200);
}

/** Whoever calls. Throws `not_signed_in`. */
function callerOf(context: Context<RequestFacts>): Caller {
  const session = context.get('session');
  const token = context.get('token');
  if (session === undefined || token === undefined) {
    throw new AppError('not_signed_in', `${context.req.path} needs a session.`);
  }
  const { customerId, email, isVerified, role } = session;
  const origin = context.get('origin');
  return { customerId, email, isVerified, role, origin, visitor: context.get('visitor'), token, session };
}

/** Throws what keeps the caller out, before anything of the request is read. */
function refuse(route: ApiRoute, { role, session }: Caller): void {
  if (route.who === 'operator' && role !== 'operator') throw new NotFoundError('route', route.path);
  if (session.impersonatorId !== undefined && route.whileActing !== true) {
    throw new AppError('not_while_acting', `${route.path} is the customer's alone.`);
  }
  // As for pages: see `operatorsNeedSecondFactor`.
  if (role === 'operator' && !session.hasSecondFactor) {
    throw new AppError('second_factor_required', `${route.path} is for no operator without a second factor.`);
  }
}

/** What is asked for once is one text, what is asked for again a list. */
function queryOf(context: Context<RequestFacts>): Record<string, string | string[]> {
  const all = Object.entries(context.req.queries());
  return Object.fromEntries(all.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

/** The body as JSON. Throws `media_type_refused`, and `InvalidInputError` for what is no JSON or not asked for. */
async function readBody(context: Context<RequestFacts>, { body, path, method }: ApiRoute): Promise<unknown> {
  if (method === 'get') return undefined;
  const text = await context.req.text();
  if (body === undefined) {
    if (text !== '') throw new InvalidInputError('body', 'There is nothing to be sent here.');
    return undefined;
  }
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new AppError('media_type_refused', `${path} takes JSON, not ${type}.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InvalidInputError('body', 'This is not JSON.');
  }
}
