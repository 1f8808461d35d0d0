import { type ActionFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { orProblem } from '../request/problem.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/account/data', 303);

/** The account stays after all. */
export async function action({ context }: ActionFunctionArgs) {
  const page = customerOf(context);
  await orProblem(page, page.services.accountData.keepAccount(page.token, page.visitor));
  return redirect('/account', { status: 303, headers: flash(page, 'Your account stays, with all that is in it.') });
}
