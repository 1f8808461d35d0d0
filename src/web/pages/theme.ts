import { type ActionFunctionArgs, redirect } from 'react-router';
import { formOf } from './request/form.ts';
import { ownPathOr } from './request/next-url.ts';
import { pageOf } from './request/page-of.ts';

const CHOICES = ['system', 'light', 'dark'] as const;

/** There is nothing to see here. */
export const loader = () => redirect('/', 303);

/** Keeps the wish in a cookie and goes back to where it was made. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const choice = CHOICES.find((known) => known === form.get('theme')) ?? 'system';
  return redirect(ownPathOr(form.get('from'), '/'), {
    status: 303,
    headers: { 'Set-Cookie': pageOf(context).cookies.theme(choice) },
  });
}
