import { type ActionFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf } from '../request/form.ts';
import { ownPathOr } from '../request/next-url.ts';
import { orProblem } from '../request/problem.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/account', 303);

/** Mails the link once more, and goes back to where that was asked for. */
export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const form = await formOf(request);
  await orProblem(page, page.services.accounts.sendVerification(page.token));
  const said = `A new link is on its way to ${page.session.email}. Only the newest one works.`;
  return redirect(ownPathOr(form.get('from'), '/account'), { status: 303, headers: flash(page, said) });
}
