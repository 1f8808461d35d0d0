import { type ActionFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/account/data', 303);

/** A file with everything about the person who asks. */
export async function action({ url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url, { page: '/account/data' });
  const everything = await orProblem(page, page.services.accountData.exportAccount(page.token, page.origin));
  return new Response(`${JSON.stringify(everything, undefined, 2)}\n`, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="shophosting-${page.session.customerId}.json"`,
      'Cache-Control': 'no-store',
    },
  });
}
