import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { customerOf } from './request/customer-of.ts';
import { flash } from './request/flash.ts';
import { asAnswer, problemOf } from './request/problem.ts';

/** Whoever comes by address sees the store. */
export const loader = ({ params }: LoaderFunctionArgs) => redirect(`/stores/${params['storeId']}`, 303);

/** The store stays. Pressing twice, or after somebody else did, is no error: the page shows what is. */
export async function action({ params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const storeId = params['storeId'] ?? '';
  try {
    await page.services.life.undoDelete(page.session.customerId, storeId, page.origin);
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    if (problem.status !== 409) throw asAnswer(problem);
  }
  return redirect(`/stores/${storeId}`, { status: 303, headers: flash(page, 'Your store stays.') });
}
