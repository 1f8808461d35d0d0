import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { z } from 'zod';
import { AppError, InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import type { StoreView } from '../../stores/present-store.ts';
import { followLogs, followProgress } from '../follow.ts';
import { logWishFrom } from '../log-wish.ts';
import type { Session, WebServices } from '../services.ts';
import type { RequestFacts } from './request-facts.ts';
import type { EventStreams } from './stream-events.ts';

/** Who may call a route: whoever comes along, or somebody who is signed in (and then only about his own). */
export type Access = 'anyone' | 'customer';

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly parts: Readonly<Record<string, 'up' | 'down' | 'outdated'>>;
}

export interface ApiDeps {
  readonly services: WebServices;
  readonly health: () => Promise<Health>;
  readonly streams: EventStreams;
}

type Handler = (context: Context<RequestFacts>, deps: ApiDeps, session: Session) => Promise<Response>;

interface Route {
  readonly path: string;
  /** Without one: GET. */
  readonly method?: 'post';
  readonly access: Access;
  /** Also for an operator who acts as the customer: nothing in it is the customer's alone. */
  readonly whileActing?: true;
  readonly answer: Handler;
}

/** The most lines that a downloaded file of them has. */
const LINES_IN_A_FILE = 10_000;

/** Every route for programs, and who may call it. All of them only read. */
export const API_ROUTES: readonly Route[] = [
  { path: '/healthz', access: 'anyone', answer: async (context) => context.json({ status: 'ok' }) },
  { path: '/readyz', access: 'anyone', answer: ready },
  {
    path: '/version',
    access: 'anyone',
    answer: async (context, { services }) => context.json({ version: services.facts.version }),
  },
  { path: '/api/names', access: 'anyone', answer: checkName },
  // What is asked about is a secret: in no address, so in nobody's log or history.
  { path: '/api/passwords', method: 'post', access: 'anyone', answer: lookAtPassword },
  { path: '/api/status', access: 'customer', whileActing: true, answer: storeStatus },
  { path: '/api/credentials', access: 'customer', answer: credentials },
  { path: '/api/stores/:id/events', access: 'customer', whileActing: true, answer: events },
  { path: '/api/stores/:id/logs/events', access: 'customer', whileActing: true, answer: logEvents },
  { path: '/api/stores/:id/logs/file', access: 'customer', whileActing: true, answer: logFile },
];

/** The routes as an application of Hono's. Somebody without a session gets `not_signed_in` where one is needed. */
export function createApi(deps: ApiDeps): Hono<RequestFacts> {
  const api = new Hono<RequestFacts>();
  api.use('/api/status', etag());
  for (const { path, method = 'get', access, whileActing, answer } of API_ROUTES) {
    api[method](path, (context) => {
      const session = context.get('session');
      if (session === undefined && access === 'customer') {
        throw new AppError('not_signed_in', `${path} needs a session.`);
      }
      if (session?.impersonatorId !== undefined && access === 'customer' && whileActing !== true) {
        throw new AppError('not_while_acting', `${path} is the customer's alone.`);
      }
      // As for pages: see `operatorsNeedSecondFactor`.
      if (session?.role === 'operator' && !session.hasSecondFactor && access === 'customer') {
        throw new AppError('second_factor_required', `${path} is for no operator without a second factor.`);
      }
      return answer(context, deps, session ?? NOBODY);
    });
  }
  return api;
}

/** Is it a JSON route that looks at nobody's session? Those answer also while sessions cannot be looked up. */
export const isForAnyone = (path: string): boolean =>
  API_ROUTES.some((route) => route.access === 'anyone' && route.path === path);

/** Handed to routes for anyone, which do not look at it. */
const NOBODY: Session = {
  id: '',
  customerId: '',
  email: '',
  isVerified: false,
  role: 'customer',
  hasSecondFactor: false,
  provenAt: new Date(0),
};

/** The parts are for operators and for the machine itself: to everybody else a missing part is nobody's business. */
async function ready(context: Context<RequestFacts>, { health, services }: ApiDeps): Promise<Response> {
  const found = await health();
  const mayKnow = isLoopback(context.get('visitor').address) || (await isOperator(context.get('token'), services));
  return context.json(mayKnow ? found : { status: found.status }, found.status === 'down' ? 503 : 200);
}

const isLoopback = (address: string): boolean => address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);

/** Also answers, with no, while sessions cannot be looked up: that may be what is being asked about. */
async function isOperator(token: string | undefined, { accounts }: ApiDeps['services']): Promise<boolean> {
  if (token === undefined) return false;
  const session = await accounts.findSession(token).catch(() => undefined);
  return session?.role === 'operator' && session.hasSecondFactor;
}

async function checkName(context: Context<RequestFacts>, { services }: ApiDeps): Promise<Response> {
  return context.json(await services.checkName(context.req.query('name') ?? '', context.get('visitor')));
}

const PASSWORD_MOST = 4096;
const PASSWORD_LOOK = z.object({
  password: z.string().max(PASSWORD_MOST),
  email: z.string().max(PASSWORD_MOST),
  storeName: z.string().max(PASSWORD_MOST),
});

async function lookAtPassword(context: Context<RequestFacts>, { services }: ApiDeps): Promise<Response> {
  const look = PASSWORD_LOOK.safeParse(await context.req.json().catch(() => undefined));
  // Nothing of it: whatever is wrong with it may be the password.
  if (!look.success) throw new InvalidInputError('password', 'Ask with password, email and storeName, as JSON.');
  return context.json(await services.lookAtPassword(look.data, context.get('visitor')));
}

async function storeStatus(context: Context<RequestFacts>, deps: ApiDeps, session: Session): Promise<Response> {
  const { stores } = deps.services;
  const storeId = context.req.query('store');
  if (storeId !== undefined) return tagged(context, await stores.view(session.customerId, storeId));
  const newest = await stores.newest(session.customerId);
  if (newest === undefined) throw new NotFoundError('store', 'yet');
  return tagged(context, newest);
}

interface TaggedText {
  readonly text: string;
  readonly tag: string;
}

/** Those who asked at the same time share a view: it is written down once. */
const TEXTS = new WeakMap<StoreView, TaggedText>();

/** With an entity tag made at once from the text: the middleware would clone the answer and hash it on another thread. */
function tagged(context: Context<RequestFacts>, view: StoreView): Response {
  const { text, tag } = TEXTS.get(view) ?? writeDown(view);
  return context.body(text, 200, { 'Content-Type': 'application/json', ETag: tag });
}

function writeDown(view: StoreView): TaggedText {
  const text = JSON.stringify(view);
  const tagged = { text, tag: `"${createHash('sha1').update(text).digest('base64url')}"` };
  TEXTS.set(view, tagged);
  return tagged;
}

async function credentials(context: Context<RequestFacts>, { services }: ApiDeps, session: Session): Promise<Response> {
  const storeId = context.req.query('store') ?? (await services.stores.newest(session.customerId))?.id;
  if (storeId === undefined) throw new NotFoundError('store', 'yet');
  return context.json(await services.stores.credentials(context.get('token') ?? '', storeId, context.get('visitor')));
}

async function events(context: Context<RequestFacts>, deps: ApiDeps, session: Session): Promise<Response> {
  const storeId = context.req.param('id') ?? '';
  await deps.services.stores.view(session.customerId, storeId);
  const token = context.get('token') ?? '';
  return deps.streams.serve(context, { ...session, token }, followProgress(deps.services, storeId));
}

async function logEvents(context: Context<RequestFacts>, deps: ApiDeps, session: Session): Promise<Response> {
  const storeId = context.req.param('id') ?? '';
  await deps.services.stores.view(session.customerId, storeId);
  const token = context.get('token') ?? '';
  const wish = logWishFrom(new URL(context.req.url).searchParams);
  return deps.streams.serve(context, { ...session, token }, followLogs(deps.services, token, storeId, wish));
}

/** The lines as a file: all that were asked for, oldest first. */
async function logFile(context: Context<RequestFacts>, { services }: ApiDeps, session: Session): Promise<Response> {
  const { id, name } = await services.stores.view(session.customerId, context.req.param('id') ?? '');
  const wish = { ...logWishFrom(new URL(context.req.url).searchParams), tail: LINES_IN_A_FILE };
  const { lines } = await services.logs.read(context.get('token') ?? '', id, wish);
  const text = lines.map(({ at, source, level, text: said }) => `${at ?? '-'} ${source} ${level} ${said}\n`).join('');
  // A store's name is letters, digits and hyphens.
  const fileName = `${name}-${wish.source ?? 'all'}.log`;
  return context.body(text, 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${fileName.replaceAll(/[^a-z0-9.-]/g, '_')}"`,
  });
}
