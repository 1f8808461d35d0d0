import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, textOf } from '../request/form.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { tabUrl } from '../words/store-tabs.ts';

const PREPARING = 'phpMyAdmin is being set up on this machine, for the first time. Ask again in a minute.';

/** Whoever comes by address sees the tab with its buttons. */
export const loader = ({ params }: LoaderFunctionArgs) => redirect(tabUrl(params['storeId'] ?? '', 'access'), 303);

/** Opens phpMyAdmin and leads there; `intent` = `close` ends it. */
export async function action({ request, url, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const storeId = params['storeId'] ?? '';
  const tab = tabUrl(storeId, 'access');
  const { access } = page.services;
  if (textOf(await formOf(request), 'intent') === 'close') {
    await orProblem(page, access.closeDatabase(page.token, storeId, page.visitor));
    return redirect(tab, { status: 303, headers: flash(page, 'phpMyAdmin is closed.') });
  }
  requireFresh(page, url, { page: tab });
  const answer = await orProblem(page, access.openDatabase(page.token, storeId, page.visitor));
  if (answer.state === 'preparing') return redirect(tab, { status: 303, headers: flash(page, PREPARING) });
  return redirect(answer.path, { status: 303, headers: [['Referrer-Policy', 'no-referrer']] });
}
