import { type ActionFunctionArgs, redirect, redirectDocument } from 'react-router';
import { pageOf } from './request/page-of.ts';
import { orProblem } from './request/problem.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/', 303);

/** Back from a customer's place to the operator's own; to the login, where the own session has ended meanwhile. */
export async function action({ context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const { token, operatorToken, session, origin } = page;
  const { isOperatorSignedIn } = await orProblem(page, page.services.acting.end({ token, operatorToken, origin }));
  const back = session?.impersonatorId === undefined ? '/admin' : `/admin/customers/${session.customerId}`;
  const cookies = page.cookies.actingEnded(isOperatorSignedIn ? operatorToken : undefined);
  return redirectDocument(back, {
    status: 303,
    headers: cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]),
  });
}
