import { type MiddlewareFunction, Outlet, redirect } from 'react-router';
import { AppError } from '../../../domain/errors.ts';
import { operatorsNeedSecondFactor } from '../request/operators-need-second-factor.ts';
import { pageOf } from '../request/page-of.ts';
import { asAnswer, problemOf } from '../request/problem.ts';

export { ProblemPage as ErrorBoundary } from '../components/problem-page.tsx';

/** A guest may be an operator whose short session ended. For every customer there is nothing here, as at any address that is none. */
const onlyOperators: MiddlewareFunction<Response> = async ({ url, context }, next) => {
  const page = pageOf(context);
  if (page.session === undefined) {
    throw redirect(`/login?next=${encodeURIComponent(`${url.pathname}${url.search}`)}`, 303);
  }
  if (page.session.role !== 'operator') {
    throw asAnswer(problemOf(new AppError('not_found', `${url.pathname} is for operators.`), page));
  }
  return next();
};

/** In order: what the desk asks for besides the role comes behind it. */
export const middleware = [onlyOperators, operatorsNeedSecondFactor];

/** The desk of those who run the platform. */
export default function Operators() {
  return <Outlet />;
}
