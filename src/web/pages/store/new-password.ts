import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { PASSWORD_HOLDERS, type PasswordHolder } from '../../../domain/secrets.ts';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, textOf } from '../request/form.ts';
import { asAnswer, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { tabUrl } from '../words/store-tabs.ts';

const SAID: Readonly<Record<PasswordHolder, string>> = {
  admin: 'The administrator is getting a new password. Look at the credentials as soon as it is there.',
  database: 'The database is getting a new password. Your shop stays open.',
};
const NOT_NOW = 'Something else is being done with your store. Ask again when that is over.';

/** Whoever comes by address sees the tab with its buttons. */
export const loader = ({ params }: LoaderFunctionArgs) => redirect(tabUrl(params['storeId'] ?? '', 'access'), 303);

/** `whose`: of which of the two. While something else is under way nothing is begun, and the tab says why. */
export async function action({ request, url, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const storeId = params['storeId'] ?? '';
  const access = tabUrl(storeId, 'access');
  requireFresh(page, url, { page: access });
  const wished = textOf(await formOf(request), 'whose');
  const whose = PASSWORD_HOLDERS.find((holder) => holder === wished);
  if (whose === undefined) return redirect(access, 303);
  let said = SAID[whose];
  try {
    await page.services.life.rotate(page.session.customerId, storeId, whose, page.origin);
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    if (problem.status !== 409) throw asAnswer(problem);
    said = NOT_NOW;
  }
  return redirect(access, { status: 303, headers: flash(page, said) });
}
