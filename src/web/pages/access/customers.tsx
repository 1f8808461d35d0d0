import { type MiddlewareFunction, Outlet, redirect } from 'react-router';
import { operatorsNeedSecondFactor } from '../request/operators-need-second-factor.ts';
import { pageOf } from '../request/page-of.ts';

export { ProblemPage as ErrorBoundary } from '../components/problem-page.tsx';

/** To the login, and back here afterwards; back to a page, never into a form's action. */
const onlyCustomers: MiddlewareFunction<Response> = async ({ url, context }, next) => {
  if (pageOf(context).session === undefined) throw redirect(`/login?next=${encodeURIComponent(pageAt(url))}`, 303);
  return next();
};

export const middleware = [onlyCustomers, operatorsNeedSecondFactor];

/** Pages for customers who are signed in. What belongs to others is not there for them: the services see to that. */
export default function Customers() {
  return <Outlet />;
}

function pageAt({ pathname, search }: URL): string {
  const page = pathname.replace(/\/(?:retry|verification|export|keep|undo-delete|new-password|database)$/, '');
  return page === pathname ? `${page}${search}` : page;
}
