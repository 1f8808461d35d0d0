import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { AppError } from '../../../domain/errors.ts';
import { customerOf } from '../request/customer-of.ts';
import { formOf, textOf } from '../request/form.ts';
import { asAnswer, problemOf } from '../request/problem.ts';

/** Whoever comes by address sees the store. */
export const loader = ({ params }: LoaderFunctionArgs) => redirect(`/admin/stores/${params['storeId']}`, 303);

/** What is asked of a store. Asking twice, or after somebody else did, is no error: the page shows how it is. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const storeId = params['storeId'] ?? '';
  const act = textOf(await formOf(request), 'act');
  try {
    if (act === 'retry') await page.services.desk.retry(page.origin, storeId);
    else if (act === 'repair') await page.services.desk.repair(page.origin, storeId);
    else if (act === 'resume') await page.services.desk.resume(page.origin, storeId);
    else throw new AppError('invalid_input', `Nobody can ask a store to ${act}.`);
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    if (problem.status !== 409) throw asAnswer(problem);
  }
  return redirect(`/admin/stores/${storeId}`, 303);
}
