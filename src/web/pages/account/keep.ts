import { type ActionFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { asAnswer, problemOf } from '../request/problem.ts';

const TOO_LATE = 'Nothing was changed: the account was not to be deleted, or is being deleted already.';

/** There is nothing to see here. */
export const loader = () => redirect('/account/data', 303);

/** The account stays after all. */
export async function action({ context }: ActionFunctionArgs) {
  const page = customerOf(context);
  try {
    await page.services.accountData.keepAccount(page.token, page.visitor);
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    if (problem.code !== 'not_allowed_now') throw asAnswer(problem);
    return redirect('/account', { status: 303, headers: flash(page, TOO_LATE) });
  }
  return redirect('/account', { status: 303, headers: flash(page, 'Your account stays, with all that is in it.') });
}
