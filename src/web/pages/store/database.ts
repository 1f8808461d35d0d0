import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, textOf } from '../request/form.ts';
import { ownPathOr } from '../request/next-url.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { tabUrl } from '../words/store-tabs.ts';

const PREPARING = 'phpMyAdmin is being set up on this machine, for the first time. Ask again in a minute.';

/** Whoever comes by address sees the tab with its buttons. */
export const loader = ({ params }: LoaderFunctionArgs) => redirect(tabUrl(params['storeId'] ?? '', 'access'), 303);

/** Opens phpMyAdmin and leads there; `intent` = `close` ends it, and leads back to `next`. */
export async function action({ request, url, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const storeId = params['storeId'] ?? '';
  const tab = tabUrl(storeId, 'access');
  const { access } = page.services;
  const form = await formOf(request);
  if (textOf(form, 'intent') === 'close') {
    await orProblem(page, access.closeDatabase(page.token, storeId, page.visitor));
    const next = ownPathOr(form.get('next'), tab);
    return redirect(next, { status: 303, headers: flash(page, 'phpMyAdmin is closed.') });
  }
  requireFresh(page, url, { page: tab });
  const answer = await orProblem(page, access.openDatabase(page.token, storeId, page.visitor));
  if (answer.state === 'full') return redirect(`${tab}?full=${answer.limit}#phpmyadmin`, 303);
  if (answer.state === 'preparing') return redirect(tab, { status: 303, headers: flash(page, PREPARING) });
  return redirect(answer.path, { status: 303, headers: [['Referrer-Policy', 'no-referrer']] });
}
