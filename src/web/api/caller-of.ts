import type { Context } from 'hono';
import { AppError, NotFoundError } from '../../domain/errors.ts';
import { originOfToken } from '../../domain/origin.ts';
import { isProofFresh } from '../../domain/proof.ts';
import type { RequestFacts } from '../server/request-facts.ts';
import type { WebServices } from '../services.ts';
import type { ApiRoute, Caller } from './define-route.ts';

const BEARER = /^Bearer +([\x21-\x7e]+)$/i;

/** Does the request show a token, a right one or not? Then nobody's cookie counts. */
export const showsToken = (context: Context): boolean => context.req.header('authorization') !== undefined;

/**
 * Whoever calls, by the token of a program or the session of a browser. Throws `not_signed_in`, and `too_many_tries` from
 * where that came too often. Nobody who is let in is ever kept waiting for those who are not.
 */
export async function callerOf(context: Context<RequestFacts>, services: WebServices): Promise<Caller> {
  try {
    return await known(context, services);
  } catch (refusal) {
    if (refusal instanceof AppError && refusal.code === 'not_signed_in') {
      await services.countRefusal(context.get('visitor').address);
    }
    throw refusal;
  }
}

async function known(context: Context<RequestFacts>, { tokens }: WebServices): Promise<Caller> {
  const visitor = context.get('visitor');
  if (!showsToken(context)) return browserOf(context);
  const token = BEARER.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
  const holder = await tokens.find(token, visitor.address);
  if (holder === undefined) throw new AppError('not_signed_in', 'This token opens nothing, or no longer.');
  const origin = originOfToken(holder, visitor);
  context.set('origin', origin);
  return { ...holder, origin, visitor, token, session: undefined };
}

function browserOf(context: Context<RequestFacts>): Caller {
  const session = context.get('session');
  const token = context.get('token');
  if (session === undefined || token === undefined) {
    throw new AppError('not_signed_in', `${context.req.path} needs a token or a session.`);
  }
  const { id, customerId, email, isVerified, role, hasSecondFactor } = session;
  const whoAndWhere = { origin: context.get('origin'), visitor: context.get('visitor'), token, session };
  return { id, customerId, email, isVerified, role, hasSecondFactor, scopes: null, ...whoAndWhere };
}

/** Throws what keeps the caller out, before anything else of the request is read. */
export function letIn(route: ApiRoute, { id, role, hasSecondFactor, scopes, session }: Caller): void {
  // As for pages: see `operatorsNeedSecondFactor`.
  if (role === 'operator' && !hasSecondFactor) {
    throw new AppError('second_factor_required', `${route.path} is for no operator without a second factor.`);
  }
  if (route.who === 'operator' && role !== 'operator') throw new NotFoundError('route', route.path);
  if (scopes !== null && (route.scope === null || !scopes.has(route.scope))) {
    throw new AppError('scope_missing', `${id} may not ${route.id}: it takes ${route.scope ?? 'a person'}.`);
  }
  if (session === undefined) return;
  if (session.impersonatorId !== undefined && route.whileActing !== true) {
    throw new AppError('not_while_acting', `${route.path} is the customer's alone.`);
  }
  if (route.needsProof === true && !isProofFresh(session.provenAt, new Date())) {
    throw new AppError('step_up_required', 'The last proof of this session is too old.');
  }
}
