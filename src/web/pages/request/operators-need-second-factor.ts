import { type MiddlewareFunction, redirect } from 'react-router';
import { pageOf } from './page-of.ts';

/** Where a second factor is set up, and what leads there. */
const OPEN = ['/account/security', '/account/authenticator', '/account/passkeys', '/step-up'];

/** An operator without a second factor reaches only the pages that set one up. */
export const operatorsNeedSecondFactor: MiddlewareFunction<Response> = async ({ url, context }, next) => {
  const { session } = pageOf(context);
  const isHeldBack = session?.role === 'operator' && !session.hasSecondFactor;
  if (isHeldBack && !OPEN.some((path) => url.pathname === path || url.pathname.startsWith(`${path}/`))) {
    throw redirect('/account/security', 303);
  }
  return next();
};
