import { type MiddlewareFunction, Outlet, redirect } from 'react-router';
import { ownPathOr } from '../request/next-url.ts';
import { pageOf } from '../request/page-of.ts';

export { ProblemPage as ErrorBoundary } from '../components/problem-page.tsx';

/** Whoever is signed in goes on to where they wanted. A form that was posted twice still gets its answer. */
const onlyGuests: MiddlewareFunction<Response> = async ({ request, url, context }, next) => {
  if (request.method === 'GET' && pageOf(context).session !== undefined) {
    throw redirect(ownPathOr(url.searchParams.get('next'), '/dashboard'), 303);
  }
  return next();
};

export const middleware = [onlyGuests];

/** Pages for those who are not signed in. */
export default function Guests() {
  return <Outlet />;
}
